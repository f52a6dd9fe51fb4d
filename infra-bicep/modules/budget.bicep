param name string

@description('US dollars a month for the resource group.')
@minValue(1)
param amount int
param emails string[]

@description('First day of the month of the first deployment. Azure refuses to change it later, so it is not computed.')
param startDate string

var steps = [50, 80, 100]

resource budget 'Microsoft.Consumption/budgets@2026-06-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: union(
      toObject(steps, step => 'actual${step}', step => {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: step
        thresholdType: 'Actual'
        contactEmails: emails
      }),
      {
        forecast100: {
          enabled: true
          operator: 'GreaterThanOrEqualTo'
          threshold: 100
          thresholdType: 'Forecasted'
          contactEmails: emails
        }
      }
    )
  }
}
