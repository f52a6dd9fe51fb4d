// Composes the modules, each of which does one thing. One deployment creates the resource group and everything in it.
targetScope = 'subscription'

import { namesOf, packageContainer, releaseContainer, signalRKeySecret } from 'names.bicep'

@description('Short name of the environment: dev, prod, a branch. Part of every name.')
@minLength(2)
@maxLength(12)
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

@description('Refuses the deletion of the data account.')
param lockData bool = false

param signalRSku ('Free_F1' | 'Standard_S1' | 'Premium_P1') = 'Standard_S1'
param signalRUnits int = 1

@description('For what the SignalR service gets the token that it shows to the app: the App ID URI of an application of this tenant. Empty: Azure Resource Manager, where this identity has no rights.')
param signalRAudience string = ''

@description('Origins of the pages that embed the SDK, for direct uploads and downloads. With *, only the projects\' own lists decide.')
param sdkOrigins string[] = ['*']

param logRetentionDays int = 30
param logDailyCapGb int = 1
param alertEmails string[]
param monthlyBudget int

@description('First day of the month of the first deployment, such as 2026-01-01. Never change it later. Empty: no budget.')
param budgetStart string = ''
param p95Milliseconds int = 1000

@description('App setting → name of a secret in the vault, for access that identities cannot give (Mail__Password: mail-password).')
param vaultSettings object = {}

@description('Further app settings, as in docs/api.md and docs/settings.md.')
param appSettings object = {}

param frontDoor bool = false
param customDomain string = ''
param deployerPrincipalId string = ''
param deployerType ('ServicePrincipal' | 'User' | 'Group') = 'ServicePrincipal'

var app = loadJsonContent('app.json')
var upstreamAudience = empty(signalRAudience) ? environment().resourceManager : signalRAudience
var names = namesOf(environmentName, location, subscription().subscriptionId)
var tags = { 'azd-env-name': environmentName, product: 'voxfunctions' }

var containers = map(app.containers, c => {
  name: '${toLower(app.tablePrefix)}-${c.name}'
  deleteAfterDays: c.?deleteAfterDays
  coolAfterDays: c.?coolAfterDays
  ofUploads: c.?ofUploads ?? false
})

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
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
    sku: 'Standard_LRS'
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
    sku: dataSku
    tables: map(app.tables, table => '${app.tablePrefix}${table}')
    containers: filter(containers, c => !c.ofUploads)
    corsOrigins: sdkOrigins
    softDeleteDays: softDeleteDays
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
    sku: 'Standard_LRS'
    containers: filter(containers, c => c.ofUploads)
    corsOrigins: sdkOrigins
    softDeleteDays: softDeleteDays
    keepsDeleted: false
    locked: false
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/keyvault.bicep' = {
  scope: group
  params: { name: names.vault, location: location, tags: tags, workspaceId: monitoring.outputs.workspaceId }
}

module signalR 'modules/signalr.bicep' = {
  scope: group
  params: {
    name: names.signalR
    location: location
    tags: tags
    sku: signalRSku
    units: signalRUnits
    hub: app.hub
    appHost: names.appHost
    vaultUri: vault.outputs.uri
    identityId: identity.outputs.signalRId
    audience: upstreamAudience
    allowedOrigins: ['*']
    workspaceId: monitoring.outputs.workspaceId
  }
}

module rbac 'modules/rbac.bicep' = {
  scope: group
  params: {
    appPrincipalId: identity.outputs.appPrincipalId
    signalRPrincipalId: identity.outputs.signalRPrincipalId
    deployerPrincipalId: deployerPrincipalId
    deployerType: deployerType
    stateAccountName: names.stateAccount
    dataAccountName: names.dataAccount
    uploadAccountName: names.uploadAccount
    signalRName: names.signalR
    vaultName: names.vault
    insightsName: names.insights
  }
  dependsOn: [stateStorage, dataStorage, uploadStorage, vault, signalR, monitoring]
}

module settings 'modules/settings.bicep' = {
  scope: group
  params: {
    stateAccountName: names.stateAccount
    dataAccountName: names.dataAccount
    uploadAccountName: names.uploadAccount
    tablePrefix: app.tablePrefix
    identityClientId: identity.outputs.appClientId
    signalREndpoint: signalR.outputs.endpoint
    signalRPrincipalId: identity.outputs.signalRPrincipalId
    signalRAudience: upstreamAudience
    insightsEndpoint: monitoring.outputs.insightsEndpoint
    vaultUri: vault.outputs.uri
    frontDoorId: edge.?outputs.id ?? ''
    vaultSettings: vaultSettings
    appSettings: appSettings
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
    signalRId: signalR.outputs.id
    dataAccountId: dataStorage.outputs.id
    timers: app.timers
    p95Milliseconds: p95Milliseconds
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
output RESOURCE_GROUP string = names.group
output APP_NAME string = functionApp.outputs.name
output APP_URL string = 'https://${functionApp.outputs.host}'
output PUBLIC_URL string = 'https://${edge.?outputs.host ?? functionApp.outputs.host}'
output HOSTING string = hosting
output STATE_ACCOUNT string = names.stateAccount
output DATA_ACCOUNT string = names.dataAccount
output VAULT_NAME string = names.vault
output SIGNALR_NAME string = names.signalR
output SIGNALR_KEY_NAME string = signalRKeySecret
