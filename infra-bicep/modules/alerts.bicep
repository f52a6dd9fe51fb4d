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

@description('The SignalR services by number. Each has alerts of its own: Azure has none over several of them.')
param signalRNames string[]

param dataAccountId string
param timers Timer[]

@description('Where the handbook is; each alert links its section there.')
param runbook string

@description('Gigabytes a day after which the workspace takes no more.')
param dailyCapGb int

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

// Requests without an error are sampled (Telemetry__SuccessPercent): a row stands for 100 / microsoft.sample_rate. Metrics never are.
var queries = [
  {
    name: 'http-5xx-rate'
    severity: 1
    says: 'More than 2 % of the requests were answered with an error of ours.'
    window: 'PT5M'
    every: 'PT5M'
    threshold: 2
    query: 'AppRequests | extend Rows = coalesce(100.0 / todouble(Properties["microsoft.sample_rate"]), todouble(ItemCount)) | summarize Total = sum(Rows), Failed = sumif(Rows, toint(ResultCode) >= 500) | where Total >= 20 | project Value = 100.0 * Failed / Total'
  }
  {
    name: 'http-p95'
    severity: 2
    says: 'Chat is slow: 5 % of the requests took longer than ${p95Milliseconds} ms.'
    window: 'PT15M'
    every: 'PT5M'
    threshold: p95Milliseconds
    query: 'AppRequests | where toint(ResultCode) between (1 .. 499) | summarize Total = count(), Value = percentile(DurationMs, 95) | where Total >= 20 | project Value'
  }
  {
    name: 'push-failures'
    severity: 2
    says: 'Messages arrive late: live pushes fail. None is lost.'
    window: 'PT15M'
    every: 'PT5M'
    threshold: 100
    query: 'AppMetrics | where Name in ("vox.pushes.failed", "vox.pushes.dropped") | summarize Value = sum(Sum)'
  }
  {
    name: 'log-backlog'
    severity: 2
    says: 'The log of a project is more than two minutes behind its conversations.'
    window: 'PT15M'
    every: 'PT5M'
    threshold: 120
    query: 'AppMetrics | where Name == "vox.log.oldest" | summarize Value = max(Max)'
  }
  {
    name: 'work-set-aside'
    severity: 2
    says: 'A timer has set pieces of its work aside, because they fail again and again. All others are done.'
    window: 'PT1H'
    every: 'PT1H'
    threshold: 0
    query: 'AppMetrics | where Name == "vox.timer.work" and tostring(Properties["outcome"]) == "aside" | summarize Value = sum(Sum)'
  }
  {
    name: 'telemetry-volume'
    severity: 2
    says: 'The telemetry of 24 hours is above 80 % of the daily cap: raise the cap or find what writes so much, before nothing can be seen.'
    window: 'P1D'
    every: 'PT1H'
    threshold: 80
    // Quantity is in megabytes.
    query: 'Usage | where IsBillable == true | summarize Value = sum(Quantity) / 1000.0 / ${dailyCapGb} * 100.0'
  }
  {
    name: 'telemetry-capped'
    severity: 1
    says: 'The daily cap is reached: until midnight UTC nothing more is recorded, and the other alerts on logs see nothing.'
    window: 'PT15M'
    every: 'PT15M'
    threshold: 0
    query: '_LogOperation | where Category =~ "Ingestion" and Detail contains "OverQuota" | summarize Value = count()'
  }
]

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
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
      description: '${q.says} ${runbook}#${q.name}'
      evaluationFrequency: q.every
      windowSize: q.window
      // A new workspace does not know all tables yet, and would refuse the rule.
      skipQueryValidation: true
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
resource timerAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
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
      description: 'The timer ${t.function} has not run for ${t.silentMinutes} minutes. ${runbook}#timer-not-run'
      skipQueryValidation: true
      // A query every five minutes costs three times as much, and no timer may be silent for less than 15.
      evaluationFrequency: t.silentMinutes <= 60 ? 'PT15M' : 'PT1H'
      windowSize: windows[string(t.silentMinutes)]
      criteria: {
        allOf: [
          {
            query: 'AppMetrics | where Name == "vox.function.duration" and tostring(Properties["function"]) == "${t.function}" and toint(Properties["status"]) < 500'
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

var signalRMetrics = [
  { name: 'signalr-load', metric: 'ServerLoad', above: 70, says: 'The SignalR service is busy: messages arrive late soon.' }
  { name: 'signalr-connections', metric: 'ConnectionQuotaUtilization', above: 80, says: 'At 100 % of the connections new clients are refused.' }
]
var signalRAlerts = flatten(map(range(0, length(signalRNames)), number => map(signalRMetrics, m => union(m, { number: number }))))

resource signalRLoad 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for m in signalRAlerts: {
    name: 'vox-${m.name}${m.number == 0 ? '' : '-${m.number}'}'
    location: 'global'
    tags: tags
    properties: {
      description: '${m.says} ${runbook}#${m.name}'
      severity: 2
      enabled: true
      scopes: [resourceId('Microsoft.SignalRService/signalR', signalRNames[m.number])]
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

resource throttling 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'vox-storage-throttling'
  location: 'global'
  tags: tags
  properties: {
    description: 'The storage turns requests away: chat is slow, then busy. ${runbook}#storage-throttling'
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

output actionGroupId string = group.id
