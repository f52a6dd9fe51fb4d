// The app's settings as one value. docs/settings.md and docs/api.md list all settings; a test compares this file with the options
// classes.

import { dataProtectionKey } from '../names.bicep'

param stateAccountName string
param dataAccountName string
param uploadAccountName string

@description('Empty: there are no backups.')
param backupAccountName string
param tablePrefix string
param identityClientId string
param signalREndpoint string

@description('Endpoints of further SignalR services, from number 1 on.')
param furtherSignalREndpoints string[]

@description('Object id of the identity with which the SignalR service calls the app, and for what it gets its tokens.')
param signalRPrincipalId string
param signalRAudience string
param insightsEndpoint string
param vaultUri string

@description('What the modules of mail and Front Door want to be set. Empty: there is none.')
param mailSettings object
param edgeSettings object

@description('Percent of the traces without an error that are recorded; failures and metrics always are.')
@minValue(1)
@maxValue(100)
param telemetrySuccessPercent int

@description('App setting → name of a secret in the vault.')
param vaultSettings object
param appSettings object

var host = {
  AzureWebJobsStorage__accountName: stateAccountName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsEndpoint
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

// Read by the SignalR bindings in the host and by the app's own client.
var signalR = {
  AzureSignalRConnectionString__serviceUri: signalREndpoint
  AzureSignalRConnectionString__credential: 'managedidentity'
  AzureSignalRConnectionString__clientId: identityClientId
  // With access by identity there is no key that signs events: the app asks for the service's token instead.
  Realtime__UpstreamIdentity: signalRPrincipalId
  Realtime__UpstreamTenant: tenant().tenantId
  Realtime__UpstreamAudience: signalRAudience
  Realtime__UpstreamAuthority: environment().authentication.loginEndpoint
}

var furtherSignalR = toObject(
  range(0, length(furtherSignalREndpoints)),
  i => 'Realtime__Services__${i + 1}',
  i => furtherSignalREndpoints[i]
)

var app = {
  // The identity that DefaultAzureCredential uses.
  AZURE_CLIENT_ID: identityClientId
  Storage__AccountName: dataAccountName
  Storage__UploadAccount: uploadAccountName
  Storage__TablePrefix: tablePrefix
  // Read by the host's trigger and by the app, which creates the queue.
  WebhookQueue: '${tablePrefix}-webhooks'
  PushQueue: '${tablePrefix}-push'
  Backup__Account: backupAccountName
  // storage.bicep creates the tables, so the app need not check for them.
  Storage__CreateTables: 'false'
  Telemetry__SuccessPercent: string(telemetrySuccessPercent)
  // Behind the Functions host every connection comes from this machine. The platform appends the client's address to this header, and
  // Front Door names itself by its id, which the app checks.
  Limits__ClientAddressHeader: 'X-Forwarded-For'
  Limits__FrontDoorId: ''
  // Without a version: the newest version wraps.
  Security__KeyVaultKey: '${vaultUri}keys/${dataProtectionKey}'
}

var secrets = mapValues(vaultSettings, entry => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${entry}/)')

output all object = union(host, signalR, furtherSignalR, app, mailSettings, edgeSettings, appSettings, secrets)
