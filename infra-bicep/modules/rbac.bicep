// All role assignments, so that one page shows who may do what. Each assignment is scoped to one resource.

import { dataProtectionKey } from '../names.bicep'

param appPrincipalId string

@description('Principal that deploys: it writes packages and the SignalR key. Empty: its roles are assigned elsewhere.')
param deployerPrincipalId string
param deployerType ('ServicePrincipal' | 'User' | 'Group')
param stateAccountName string
param dataAccountName string
param uploadAccountName string
param signalRNames string[]
param vaultName string
param insightsName string

@description('The service that sends e-mail. Empty: none.')
param mailName string

var roles = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  signalRServiceOwner: '7e4f1700-ea5a-4f59-8f37-079cfe29dce3'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  keyVaultCryptoServiceEncryptionUser: 'e147488a-f6f5-4113-8e2d-b22465e65bf6'
  keyVaultSecretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  communicationAndEmailServiceOwner: '09976791-48a7-449e-bb21-39d1a415f350'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

resource state 'Microsoft.Storage/storageAccounts@2026-09-01' existing = { name: stateAccountName }
resource data 'Microsoft.Storage/storageAccounts@2026-09-01' existing = { name: dataAccountName }
resource uploads 'Microsoft.Storage/storageAccounts@2026-09-01' existing = { name: uploadAccountName }
resource signalR 'Microsoft.SignalRService/signalR@2024-03-01' existing = [for name in signalRNames: { name: name }]
resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = { name: vaultName }
resource dataProtection 'Microsoft.KeyVault/vaults/keys@2026-05-15' existing = { parent: vault, name: dataProtectionKey }
resource insights 'Microsoft.Insights/components@2020-02-02' existing = { name: insightsName }

// The host keeps keys, timer leases and its package in this account, and creates containers: Contributor is not enough for it.
resource appOnState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: state
  name: guid(state.id, appPrincipalId, roles.storageBlobDataOwner)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataOwner)
  }
}

// Queues of the app: the host reads them through its own connection, so they are in its account.
resource appOnQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: state
  name: guid(state.id, appPrincipalId, roles.storageQueueDataContributor)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageQueueDataContributor)
  }
}

resource appOnTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: data
  name: guid(data.id, appPrincipalId, roles.storageTableDataContributor)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageTableDataContributor)
  }
}

// This role also lets the app sign short-lived upload and download addresses (user delegation keys).
resource appOnBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: data
  name: guid(data.id, appPrincipalId, roles.storageBlobDataContributor)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
  }
}

resource appOnUploads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: uploads
  name: guid(uploads.id, appPrincipalId, roles.storageBlobDataContributor)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
  }
}

// The smallest role with which client tokens can be issued by identity; data plane only.
resource appOnSignalR 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in signalRNames: {
    scope: signalR[i]
    name: guid(signalR[i].id, appPrincipalId, roles.signalRServiceOwner)
    properties: {
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.signalRServiceOwner)
    }
  }
]

resource appOnInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, appPrincipalId, roles.monitoringMetricsPublisher)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.monitoringMetricsPublisher)
  }
}

resource appOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, appPrincipalId, roles.keyVaultSecretsUser)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
  }
}

resource mail 'Microsoft.Communication/communicationServices@2026-03-18' existing = if (!empty(mailName)) { name: mailName }

// The only built-in role that may send; for this one service, whose keys are switched off.
resource appOnMail 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(mailName)) {
  scope: mail
  name: guid(mail.id, appPrincipalId, roles.communicationAndEmailServiceOwner)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.communicationAndEmailServiceOwner)
  }
}

// Wrap and unwrap with this one key, nothing else.
resource appOnDataProtection 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: dataProtection
  name: guid(dataProtection.id, appPrincipalId, roles.keyVaultCryptoServiceEncryptionUser)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultCryptoServiceEncryptionUser)
  }
}

// The SignalR service gets no role here: it may read one secret, which exists only after the first release. scripts/signalr-key.sh
// assigns that role together with the secret.

resource deployerOnState 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  scope: state
  name: guid(state.id, deployerPrincipalId, roles.storageBlobDataContributor)
  properties: {
    principalId: deployerPrincipalId
    principalType: deployerType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
  }
}

resource deployerOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  scope: vault
  name: guid(vault.id, deployerPrincipalId, roles.keyVaultSecretsOfficer)
  properties: {
    principalId: deployerPrincipalId
    principalType: deployerType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsOfficer)
  }
}
