// The function app, on Flex Consumption or on Windows Consumption. Both use identities only: no shared key, no connection string.

import { packageContainer } from '../names.bicep'

param name string
param planName string
param location string
param tags object
param hosting ('FlexConsumption' | 'Consumption')

@description('Flex Consumption: memory of one instance.')
param instanceMemoryMB (512 | 2048 | 4096)

@description('Largest number of instances; Consumption allows 200.')
@minValue(1)
@maxValue(1000)
param maximumInstances int

@description('Flex Consumption: HTTP requests at a time in one instance; above it another instance is started.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int

@description('Flex Consumption: instances for HTTP that are always there, so that nobody waits for a cold start. Paid by the hour.')
@minValue(0)
param alwaysReady int
param identityId string
param stateBlobEndpoint string

@description('Who may call the app; everybody else is refused. Empty: everybody may.')
param restrictions array
param zoneRedundant bool

@description('Subnet from which the app reaches other services. Null: none.')
param subnetId string?

@description('Settings of the app and the host.')
param settings object

var flex = hosting == 'FlexConsumption'
var packageAddress = '${stateBlobEndpoint}${packageContainer}'

// Flex takes these from functionAppConfig and refuses them as settings.
var consumptionSettings = {
  FUNCTIONS_EXTENSION_VERSION: '~4'
  FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'
  // No content share: that would need the account's key.
  WEBSITE_RUN_FROM_PACKAGE: '${packageAddress}/app.zip'
  WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID: identityId
}

var allSettings = union(settings, flex ? {} : consumptionSettings)

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: flex ? { name: 'FC1', tier: 'FlexConsumption' } : { name: 'Y1', tier: 'Dynamic' }
  properties: { reserved: flex, zoneRedundant: flex && zoneRedundant }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // azd finds the app to deploy to by this tag.
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: flex ? 'functionapp,linux' : 'functionapp'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: subnetId
    siteConfig: union(
      {
        minTlsVersion: '1.2'
        scmMinTlsVersion: '1.2'
        ftpsState: 'Disabled'
        http20Enabled: true
        // The app itself handles CORS: each project has its own origins.
        cors: { allowedOrigins: [] }
        ipSecurityRestrictions: restrictions
        ipSecurityRestrictionsDefaultAction: empty(restrictions) ? 'Allow' : 'Deny'
        // Packages come from elsewhere; there, only identities with a role get in.
        scmIpSecurityRestrictionsUseMain: false
        appSettings: map(items(allSettings), s => { name: s.key, value: s.value })
      },
      flex
        ? {}
        : {
            netFrameworkVersion: 'v10.0'
            use32BitWorkerProcess: false
            functionAppScaleLimit: min(maximumInstances, 200)
          }
    )
    // siteUpdateStrategy is in the schema since 2025-05-01; the compiler's list ends before.
    #disable-next-line BCP037
    functionAppConfig: flex
      ? {
          runtime: { name: 'dotnet-isolated', version: '10.0' }
          deployment: {
            storage: {
              type: 'blobContainer'
              value: packageAddress
              authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
            }
          }
          scaleAndConcurrency: {
            instanceMemoryMB: instanceMemoryMB
            maximumInstanceCount: maximumInstances
            alwaysReady: alwaysReady == 0 ? [] : [{ name: 'http', instanceCount: alwaysReady }]
            triggers: { http: { perInstanceConcurrency: httpConcurrency } }
          }
          // New code and new settings replace instances one batch after another, and each finishes its requests first. The default,
          // Recreate, ends all at once, with whatever they are doing.
          siteUpdateStrategy: { type: 'RollingUpdate' }
        }
      : null
  }

  // Deployment by user name and password is off: packages are deployed by identity.
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output id string = app.id

// Each as its name and, behind "=", its value in Base64. No secrets: those are in the vault, and only their addresses here.
output settings string = join(map(items(allSettings), s => '${s.key}=${base64(s.value)}'), ' ')
output name string = app.name
output host string = app.properties.defaultHostName
