// Asks the app from outside: what the app says about itself ends when it does.

param location string
param tags object
param url string
param insightsId string
param actionGroupId string
param runbook string

var name = 'vox-not-reachable'

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: name
  location: location
  // Application Insights shows the tests that have this tag.
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: name
    Name: name
    Kind: 'standard'
    Enabled: true
    // Each place asks every ten minutes. One failure is tried again at once.
    Frequency: 600
    Timeout: 30
    RetryEnabled: true
    // Amsterdam, London, Virginia
    Locations: [{ Id: 'emea-nl-ams-azr' }, { Id: 'emea-ru-msa-edge' }, { Id: 'us-va-ash-azr' }]
    Request: { RequestUrl: url, HttpVerb: 'GET', FollowRedirects: false, ParseDependentRequests: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 7 }
  }
}

// Two places at once: one alone is more often that place's trouble.
resource alert 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    description: 'Nobody reaches the app, or it cannot use its storage. ${runbook}#not-reachable'
    severity: 0
    enabled: true
    scopes: [test.id, insightsId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: insightsId
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: actionGroupId }]
  }
}
