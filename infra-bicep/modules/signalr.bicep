import { signalRKeySecret } from '../names.bicep'

param name string
param location string
param tags object
param sku ('Free_F1' | 'Standard_S1' | 'Premium_P1')

@description('Each unit carries 1,000 connections and 1 million outbound messages a day.')
@minValue(1)
@maxValue(100)
param units int

@description('Hub of the app\'s triggers.')
param hub string
param appHost string
param vaultUri string
param identityId string

@description('For what the service gets the token that it shows to the app: the App ID URI of an application, or an Azure service.')
param audience string
param allowedOrigins string[]
param workspaceId string

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
      { flag: 'EnableConnectivityLogs', value: 'True' }
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
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: service
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AllLogs', enabled: true }]
  }
}

output id string = service.id
output endpoint string = 'https://${service.properties.hostName}'
