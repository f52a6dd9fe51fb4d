// Where backups of the tables go: an account apart from the data, perhaps in another region. The app can only add files. It can neither read,
// nor overwrite, nor delete them, so nobody who has taken over the app can destroy the backup. Files cannot be changed at all for some days,
// not even by operators, and are deleted when they are too old: what was erased from the data must not live on here for ever.

param name string
param location string
param tags object
param container string

@description('Of the app that writes backups.')
param appPrincipalId string

@description('In the region of the data, copies in another region are needed as well.')
param elsewhere bool

@description('Days after which a backup is gone. At least 21: a restore needs a complete pass over all rows, and these begin every 7 days.')
@minValue(21)
@maxValue(365)
param days int
param workspaceId string

// Days for which a deleted file can be brought back. They are part of the days above.
var softDeleteDays = 7

// Days for which a file can be neither changed nor deleted.
var immutableDays = 14

module account 'storage.bicep' = {
  name: 'backup-account'
  params: {
    name: name
    location: location
    tags: tags
    sku: elsewhere ? 'Standard_ZRS' : 'Standard_GRS'
    containers: [{ name: container, deleteAfterDays: days - softDeleteDays, immutableDays: immutableDays }]
    softDeleteDays: softDeleteDays
    locked: false
    workspaceId: workspaceId
  }
}

resource backups 'Microsoft.Storage/storageAccounts@2026-09-01' existing = { name: name }

var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var blob = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'
var refused = join(map(['read', 'write', 'delete'], action => '!(ActionMatches{\'${blob}/${action}\'})'), ' AND ')

// There is no built-in role that only adds. What remains of this one under the condition is that. A container of this name does not exist.
resource appAddsFiles 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: backups
  name: guid(backups.id, appPrincipalId, blobDataContributor)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    condition: '((${refused}) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals \'none\'))'
    conditionVersion: '2.0'
  }
  dependsOn: [account]
}
