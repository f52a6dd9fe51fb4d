// Holds the secrets that an identity cannot replace. Scripts and people write the values, never a template.

import { dataProtectionKey } from '../names.bicep'

param name string
param location string
param tags object
param workspaceId string

@description('A deleted vault keeps its name for 90 days, and purge protection keeps it. True brings it back, with its keys and secrets.')
param recover bool

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    createMode: recover ? 'recover' : 'default'
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: 90
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: 'Enabled'
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow' }
  }
}

// Wraps the data protection keys in Blob Storage. It is rotated once a year; older versions stay, to unwrap what they have wrapped.
resource dataProtection 'Microsoft.KeyVault/vaults/keys@2026-05-15' = {
  parent: vault
  name: dataProtectionKey
  tags: tags
  properties: {
    kty: 'RSA'
    keySize: 3072
    keyOps: ['wrapKey', 'unwrapKey']
    rotationPolicy: {
      lifetimeActions: [{ action: { type: 'rotate' }, trigger: { timeAfterCreate: 'P1Y' } }]
    }
  }
}

// The only stable version, of 2016, knows no categories such as these.
#disable-next-line use-recent-api-versions
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}

output id string = vault.id
output uri string = vault.properties.vaultUri
