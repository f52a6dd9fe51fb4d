// Composes the modules, each of which does one thing. One deployment creates the resource group and everything in it.
targetScope = 'subscription'

import { mailSettingsOf } from 'modules/mail.bicep'
import { restrictionsOf, settingsOf } from 'modules/frontdoor.bicep'
import { namesOf, packageContainer, releaseContainer, signalRKeySecret, signalRNamesOf } from 'names.bicep'

@description('Name of the environment: dev, prod, a branch. Part of every name; of a long one, the first 24 characters.')
@minLength(2)
@maxLength(64)
param environmentName string
param location string

@description('FlexConsumption (Linux) or Consumption (Windows, Y1).')
param hosting ('FlexConsumption' | 'Consumption') = 'FlexConsumption'
param instanceMemoryMB (512 | 2048 | 4096) = 2048
param maximumInstances int = 40
param httpConcurrency int = 100
param alwaysReady int = 0

param dataSku ('Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS') = 'Standard_LRS'
param softDeleteDays int = 14

@description('Spreads instances and copies of the data over three zones of the region; a zone may fail. Azure then keeps two instances of each group of functions ready, and charges them. Set it from the start: accounts change only by a migration of their own.')
param zoneRedundant bool = false

@description('The app reaches storage and vault by private endpoints in a network of its own; the account of the host state is closed otherwise. Flex Consumption only.')
param privateNetwork bool = false

@description('Public addresses that reach the closed account nevertheless: of whoever deploys. Such as 203.0.113.7 or 203.0.113.0/24.')
param allowedAddresses string[] = []

@description('Refuses the deletion of the data account.')
param lockData bool = false

param signalRSku ('Free_F1' | 'Standard_S1' | 'Premium_P1') = 'Standard_S1'
param signalRUnits int = 1

@description('With Premium_P1, the units of each service follow its connections and its load between its own number and this. 0: they do not.')
@minValue(0)
@maxValue(100)
param signalRMostUnits int = 0

@description('Units of each further SignalR service, in the order of their numbers from 1 on. Only ever add at the end.')
param signalRFurtherUnits int[] = []

@description('A line in the workspace for each connection that begins or ends, while you look for a fault. Nothing samples them: a million users would cost some hundred dollars a month.')
param signalRLogs bool = false

@description('For what the SignalR service gets the token that it shows to the app: the App ID URI of an application of this tenant. Empty: Azure Resource Manager, where this identity has no rights.')
param signalRAudience string = ''

@description('Origins of the pages that embed the SDK, for direct uploads and downloads. With *, only the projects\' own lists decide.')
param sdkOrigins string[] = ['*']

param logRetentionDays int = 30
param logDailyCapGb int = 1

@description('Percent of the traces without an error that are recorded. Failures and metrics always are.')
param telemetrySuccessPercent int = 10

@description('Who is told when something is wrong. At least one.')
@minLength(1)
param alertEmails string[]
param monthlyBudget int

@description('First day of the month of the first deployment, such as 2026-01-01. Never change it later. Empty: no budget.')
param budgetStart string = ''
param p95Milliseconds int = 1000

@description('Asks the app from outside, from three places, every ten minutes. Costs some dollars a month.')
param availabilityTest bool = true

@description('Where your docs/operations.md is: each alert links its chapter there.')
param runbook string = 'docs/operations.md'

@description('App setting → name of a secret in the vault, for access that identities cannot give (Mail__Password: mail-password).')
param vaultSettings object = {}

@description('Further app settings, as in docs/api.md and docs/settings.md.')
param appSettings object = {}

@description('Exports of all tables, every few minutes, to an account of their own.')
param backup bool = true

@description('Days for which they are kept. What was erased from the data is gone from backups after so many days.')
param backupDays int = 30

@description('Region of the backups. Empty: that of the data, with copies in its pair.')
param backupLocation string = ''

@description('E-mail by Azure Communication Services. Without it, and without Mail__Host in appSettings, nobody can sign up.')
param mail bool = true

@description('Where the e-mail service keeps what passes through it: Europe, United States …')
param mailDataLocation string = 'Europe'

@description('Whether this environment was deleted within 90 days and its vault is to come back. scripts/deleted-vault.sh finds out.')
param recoverVault bool = false

param frontDoor bool = false
param customDomain string = ''
param deployerPrincipalId string = ''
param deployerType ('ServicePrincipal' | 'User' | 'Group') = 'ServicePrincipal'

var app = loadJsonContent('app.json')
var upstreamAudience = empty(signalRAudience) ? environment().resourceManager : signalRAudience
var zoned = { Standard_LRS: 'Standard_ZRS', Standard_ZRS: 'Standard_ZRS', Standard_GRS: 'Standard_GZRS', Standard_GZRS: 'Standard_GZRS' }
var names = namesOf(environmentName, location, subscription().subscriptionId)
var signalRNames = signalRNamesOf(names.signalR, length(signalRFurtherUnits))
var tags = { 'azd-env-name': environmentName, product: 'voxfunctions' }

var containers = map(app.containers, c => {
  name: '${toLower(app.tablePrefix)}-${c.name}'
  deleteAfterDays: c.?deleteAfterDays
  coolAfterDays: c.?coolAfterDays
  ofUploads: c.?ofUploads ?? false
})

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: names.group
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: tags
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
  }
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { appName: names.appIdentity, signalRName: names.signalRIdentity, location: location, tags: tags }
}

module stateStorage 'modules/storage.bicep' = {
  name: 'state-storage'
  scope: group
  params: {
    name: names.stateAccount
    location: location
    tags: tags
    sku: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
    closed: privateNetwork
    allowedAddresses: allowedAddresses
    containers: [{ name: packageContainer }, { name: releaseContainer }]
    softDeleteDays: softDeleteDays
    locked: false
    workspaceId: monitoring.outputs.workspaceId
  }
}

module dataStorage 'modules/storage.bicep' = {
  name: 'data-storage'
  scope: group
  params: {
    name: names.dataAccount
    location: location
    tags: tags
    sku: zoneRedundant ? zoned[dataSku] : dataSku
    tables: map(app.tables, table => '${app.tablePrefix}${table}')
    containers: filter(containers, c => !c.ofUploads)
    corsOrigins: sdkOrigins
    softDeleteDays: softDeleteDays
    restoreDays: backup ? softDeleteDays - 1 : 0
    locked: lockData
    workspaceId: monitoring.outputs.workspaceId
  }
}

module uploadStorage 'modules/storage.bicep' = {
  name: 'upload-storage'
  scope: group
  params: {
    name: names.uploadAccount
    location: location
    tags: tags
    sku: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
    containers: filter(containers, c => c.ofUploads)
    corsOrigins: sdkOrigins
    softDeleteDays: softDeleteDays
    keepsDeleted: false
    locked: false
    workspaceId: monitoring.outputs.workspaceId
  }
}

module backupStorage 'modules/backup.bicep' = if (backup) {
  name: 'backup-storage'
  scope: group
  params: {
    name: names.backupAccount
    location: empty(backupLocation) ? location : backupLocation
    tags: tags
    container: '${toLower(app.tablePrefix)}-backups'
    appPrincipalId: identity.outputs.appPrincipalId
    elsewhere: !empty(backupLocation) && backupLocation != location
    days: backupDays
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/keyvault.bicep' = {
  scope: group
  params: { name: names.vault, location: location, tags: tags, workspaceId: monitoring.outputs.workspaceId, recover: recoverVault }
}

module signalR 'modules/signalr.bicep' = {
  scope: group
  params: {
    name: names.signalR
    location: location
    tags: tags
    sku: signalRSku
    units: signalRUnits
    mostUnits: signalRMostUnits
    hub: app.hub
    appHost: names.appHost
    vaultUri: vault.outputs.uri
    identityId: identity.outputs.signalRId
    audience: upstreamAudience
    allowedOrigins: ['*']
    workspaceId: monitoring.outputs.workspaceId
    connectivityLogs: signalRLogs
  }
}

module furtherSignalR 'modules/signalr.bicep' = [
  for (units, i) in signalRFurtherUnits: {
    name: 'signalr-${i + 1}'
    scope: group
    params: {
      name: signalRNames[i + 1]
      location: location
      tags: tags
      sku: signalRSku
      units: units
      mostUnits: signalRMostUnits
      hub: app.hub
      appHost: names.appHost
      vaultUri: vault.outputs.uri
      // One identity for all, so that the app knows each by it, and the key's secret is shared once.
      identityId: identity.outputs.signalRId
      audience: upstreamAudience
      allowedOrigins: ['*']
      workspaceId: monitoring.outputs.workspaceId
      connectivityLogs: signalRLogs
    }
  }
]

module email 'modules/mail.bicep' = if (mail) {
  scope: group
  params: { name: names.mail, tags: tags, dataLocation: mailDataLocation }
}

module rbac 'modules/rbac.bicep' = {
  scope: group
  params: {
    appPrincipalId: identity.outputs.appPrincipalId
    deployerPrincipalId: deployerPrincipalId
    deployerType: deployerType
    stateAccountName: names.stateAccount
    dataAccountName: names.dataAccount
    uploadAccountName: names.uploadAccount
    signalRNames: signalRNames
    vaultName: names.vault
    mailName: mail ? names.mail : ''
    insightsName: names.insights
  }
  dependsOn: [stateStorage, dataStorage, uploadStorage, vault, signalR, furtherSignalR, monitoring, email]
}

module settings 'modules/settings.bicep' = {
  scope: group
  params: {
    stateAccountName: names.stateAccount
    dataAccountName: names.dataAccount
    uploadAccountName: names.uploadAccount
    backupAccountName: backup ? names.backupAccount : ''
    tablePrefix: app.tablePrefix
    identityClientId: identity.outputs.appClientId
    signalREndpoint: signalR.outputs.endpoint
    furtherSignalREndpoints: [for i in range(0, length(signalRFurtherUnits)): furtherSignalR[i].outputs.endpoint]
    signalRPrincipalId: identity.outputs.signalRPrincipalId
    signalRAudience: upstreamAudience
    insightsEndpoint: monitoring.outputs.insightsEndpoint
    vaultUri: vault.outputs.uri
    mailSettings: mail ? mailSettingsOf(email!.outputs.endpoint, email!.outputs.sender) : {}
    telemetrySuccessPercent: telemetrySuccessPercent
    edgeSettings: frontDoor ? settingsOf(edge!.outputs.id, empty(customDomain) ? edge!.outputs.host : customDomain) : {}
    vaultSettings: vaultSettings
    appSettings: appSettings
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  params: {
    name: names.network
    location: location
    tags: tags
    stateAccountId: stateStorage.outputs.id
    dataAccountId: dataStorage.outputs.id
    uploadAccountId: uploadStorage.outputs.id
    vaultId: vault.outputs.id
  }
}

module functionApp 'modules/app.bicep' = {
  scope: group
  params: {
    name: names.app
    planName: names.plan
    location: location
    tags: tags
    hosting: hosting
    instanceMemoryMB: instanceMemoryMB
    maximumInstances: maximumInstances
    httpConcurrency: httpConcurrency
    alwaysReady: alwaysReady
    identityId: identity.outputs.appId
    stateBlobEndpoint: stateStorage.outputs.blobEndpoint
    settings: settings.outputs.all
    restrictions: frontDoor ? restrictionsOf(edge!.outputs.id) : []
    zoneRedundant: zoneRedundant
    subnetId: privateNetwork ? network!.outputs.appSubnetId : null
  }
  dependsOn: [rbac]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    actionGroupName: names.actionGroup
    location: location
    tags: tags
    emails: alertEmails
    workspaceId: monitoring.outputs.workspaceId
    signalRNames: signalRNames
    dataAccountId: dataStorage.outputs.id
    timers: app.timers
    p95Milliseconds: p95Milliseconds
    dailyCapGb: logDailyCapGb
    runbook: runbook
  }
  dependsOn: [signalR, furtherSignalR]
}

module availability 'modules/availability.bicep' = if (availabilityTest) {
  scope: group
  params: {
    location: location
    tags: tags
    url: 'https://${frontDoor ? (empty(customDomain) ? edge!.outputs.host : customDomain) : functionApp.outputs.host}/api/health/ready'
    insightsId: monitoring.outputs.insightsId
    actionGroupId: alerts.outputs.actionGroupId
    runbook: runbook
  }
}

module budget 'modules/budget.bicep' = if (!empty(budgetStart)) {
  scope: group
  params: { name: names.budget, amount: monthlyBudget, startDate: budgetStart, emails: alertEmails }
}

module edge 'modules/frontdoor.bicep' = if (frontDoor) {
  scope: group
  // By its name: the app's settings need the id of Front Door, so Front Door cannot wait for the app.
  params: { name: names.frontDoor, tags: tags, appHost: names.appHost, customDomain: customDomain }
}

// What the scripts in scripts/ need; azd puts the outputs into its environment under these names.
output AZURE_SUBSCRIPTION_ID string = subscription().subscriptionId
output RESOURCE_GROUP string = names.group
output APP_NAME string = functionApp.outputs.name
output APP_URL string = 'https://${functionApp.outputs.host}'
output PUBLIC_URL string = 'https://${frontDoor ? (empty(customDomain) ? edge!.outputs.host : customDomain) : functionApp.outputs.host}'
output SETTINGS string = functionApp.outputs.settings
output HOSTING string = hosting
output STATE_ACCOUNT string = names.stateAccount
output DATA_ACCOUNT string = names.dataAccount
output BACKUP_ACCOUNT string = backup ? names.backupAccount : ''
output VAULT_NAME string = names.vault
output SIGNALR_NAME string = names.signalR
output SIGNALR_PRINCIPAL_ID string = identity.outputs.signalRPrincipalId
output SIGNALR_KEY_NAME string = signalRKeySecret
