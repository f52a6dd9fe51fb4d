import { signalRKeySecret } from '../names.bicep'

param name string
param location string
param tags object
param sku ('Free_F1' | 'Standard_S1' | 'Premium_P1')

@description('Each unit carries 1,000 connections and 1 million outbound messages a day.')
@minValue(1)
@maxValue(100)
param units int

@description('Premium only: units follow the connections and the load between units and this. 0: they do not.')
param mostUnits int

@description('Hub of the app\'s triggers.')
param hub string
param appHost string
param vaultUri string
param identityId string

@description('For what the service gets the token that it shows to the app: the App ID URI of an application, or an Azure service.')
param audience string
param allowedOrigins string[]
param workspaceId string

@description('A line in the workspace for each connection that begins or ends. Nothing samples them.')
param connectivityLogs bool

// The service replaces the braces: it reads the secret itself, again every half hour, so the template never sees the key.
var code = '{@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${signalRKeySecret}/)}'

resource service 'Microsoft.SignalRService/signalR@2024-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'SignalR'
  sku: { name: sku, capacity: units }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    disableLocalAuth: true
    disableAadAuth: false
    tls: { clientCertEnabled: false }
    features: [
      { flag: 'ServiceMode', value: 'Serverless' }
      { flag: 'EnableConnectivityLogs', value: connectivityLogs ? 'True' : 'False' }
    ]
    cors: { allowedOrigins: allowedOrigins }
    upstream: {
      templates: [
        {
          hubPattern: hub
          categoryPattern: '*'
          eventPattern: '*'
          urlTemplate: 'https://${appHost}/runtime/webhooks/signalr?code=${code}'
          // The key opens the host's door. The token says who knocks: the app knows this service by it.
          auth: { type: 'ManagedIdentity', managedIdentity: { resource: audience } }
        }
      ]
    }
  }
}

// The only stable version, of 2016, knows no categories such as these.
#disable-next-line use-recent-api-versions
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (connectivityLogs) {
  scope: service
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AllLogs', enabled: true }]
  }
}

// SignalR sells 1 to 10 units, then tens: the next value that it allows. Scaling keeps the connections. In steps up early, because a step takes
// some minutes; down late, because clients that are moved connect again.
var metrics = [
  { name: 'ConnectionQuotaUtilization', direction: 'Increase', operator: 'GreaterThan', threshold: 70, window: 'PT5M', cooldown: 'PT5M' }
  { name: 'ServerLoad', direction: 'Increase', operator: 'GreaterThan', threshold: 70, window: 'PT5M', cooldown: 'PT5M' }
  { name: 'ConnectionQuotaUtilization', direction: 'Decrease', operator: 'LessThan', threshold: 40, window: 'PT30M', cooldown: 'PT30M' }
]

resource autoscale 'Microsoft.Insights/autoscaleSettings@2022-10-01' = if (sku == 'Premium_P1' && mostUnits > units) {
  name: '${name}-units'
  location: location
  tags: tags
  properties: {
    enabled: true
    targetResourceUri: service.id
    profiles: [
      {
        name: 'load'
        capacity: { minimum: string(units), maximum: string(mostUnits), default: string(units) }
        rules: [
          for m in metrics: {
            metricTrigger: {
              metricName: m.name
              metricResourceUri: service.id
              timeGrain: 'PT1M'
              statistic: 'Max'
              timeWindow: m.window
              timeAggregation: 'Maximum'
              operator: m.operator
              threshold: m.threshold
            }
            scaleAction: { direction: m.direction, type: 'ServiceAllowedNextValue', value: '1', cooldown: m.cooldown }
          }
        ]
      }
    ]
  }
}

output id string = service.id
output endpoint string = 'https://${service.properties.hostName}'
