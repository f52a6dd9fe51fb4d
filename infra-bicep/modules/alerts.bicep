// The alerts. Each has a section of the same name in docs/operations.md.

@export()
type Timer = {
  @description('Name of the function.')
  function: string

  @description('Minutes without a run after which the alert fires.')
  silentMinutes: (15 | 60 | 360 | 1440 | 2880)
}

param actionGroupName string
param location string
param tags object
param emails string[]
param workspaceId string
param signalRId string
param dataAccountId string
param timers Timer[]

@description('95 % of the requests should be answered within this many milliseconds.')
param p95Milliseconds int

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'vox'
    enabled: true
    emailReceivers: [for (email, i) in emails: { name: 'email${i}', emailAddress: email, useCommonAlertSchema: true }]
  }
}

var queries = [
  {
    name: 'http-5xx-rate'
    severity: 1
    minutes: 5
    threshold: 2
    query: 'AppRequests | summarize Total = count(), Failed = countif(toint(ResultCode) >= 500) | where Total >= 20 | project Value = 100.0 * Failed / Total'
  }
  {
    name: 'http-p95'
    severity: 2
    minutes: 15
    threshold: p95Milliseconds
    query: 'AppRequests | where toint(ResultCode) > 0 | summarize Total = count(), Value = percentile(DurationMs, 95) | where Total >= 20 | project Value'
  }
  {
    name: 'push-failures'
    severity: 2
    minutes: 15
    threshold: 100
    query: 'AppMetrics | where Name in ("vox.pushes.failed", "vox.pushes.dropped") | summarize Value = sum(Sum)'
  }
  {
    name: 'log-backlog'
    severity: 2
    minutes: 15
    threshold: 120
    query: 'AppMetrics | where Name == "vox.log.oldest" | summarize Value = max(Max)'
  }
]

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for q in queries: {
    name: 'vox-${q.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: q.name
      severity: q.severity
      enabled: true
      autoMitigate: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT${q.minutes}M'
      criteria: {
        allOf: [
          { query: q.query, metricMeasureColumn: 'Value', timeAggregation: 'Maximum', operator: 'GreaterThan', threshold: q.threshold }
        ]
      }
      actions: { actionGroups: [group.id] }
    }
  }
]

var windows = { '15': 'PT15M', '60': 'PT1H', '360': 'PT6H', '1440': 'P1D', '2880': 'P2D' }

// Fires when the window has no successful run, also when the host does not start.
resource timerAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for t in timers: {
    name: 'vox-timer-${t.function}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'timer-not-run (${t.function})'
      severity: 1
      enabled: true
      autoMitigate: true
      scopes: [workspaceId]
      evaluationFrequency: t.silentMinutes <= 60 ? 'PT5M' : 'PT1H'
      windowSize: windows[string(t.silentMinutes)]
      criteria: {
        allOf: [
          {
            query: 'AppRequests | where OperationName == "${t.function}" and Success == true'
            timeAggregation: 'Count'
            operator: 'LessThan'
            threshold: 1
          }
        ]
      }
      actions: { actionGroups: [group.id] }
    }
  }
]

resource signalRLoad 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for m in [{ name: 'signalr-load', metric: 'ServerLoad', above: 70 }, { name: 'signalr-connections', metric: 'ConnectionQuotaUtilization', above: 80 }]: {
    name: 'vox-${m.name}'
    location: 'global'
    tags: tags
    properties: {
      severity: 2
      enabled: true
      scopes: [signalRId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          { name: 'high', criterionType: 'StaticThresholdCriterion', metricName: m.metric, timeAggregation: 'Maximum', operator: 'GreaterThan', threshold: m.above }
        ]
      }
      actions: [{ actionGroupId: group.id }]
    }
  }
]

resource throttling 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'vox-storage-throttling'
  location: 'global'
  tags: tags
  properties: {
    severity: 2
    enabled: true
    scopes: [dataAccountId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'throttled'
          criterionType: 'StaticThresholdCriterion'
          metricName: 'Transactions'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 50
          dimensions: [
            {
              name: 'ResponseType'
              operator: 'Include'
              values: ['ServerBusyError', 'ClientThrottlingError', 'ClientAccountRequestThrottlingError', 'ClientAccountBandwidthThrottlingError']
            }
          ]
        }
      ]
    }
    actions: [{ actionGroupId: group.id }]
  }
}
