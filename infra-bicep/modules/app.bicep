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

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: flex ? { name: 'FC1', tier: 'FlexConsumption' } : { name: 'Y1', tier: 'Dynamic' }
  properties: { reserved: flex }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
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
    siteConfig: union(
      {
        minTlsVersion: '1.2'
        scmMinTlsVersion: '1.2'
        ftpsState: 'Disabled'
        http20Enabled: true
        // The app itself handles CORS: each project has its own origins.
        cors: { allowedOrigins: [] }
        appSettings: map(items(union(settings, flex ? {} : consumptionSettings)), s => { name: s.key, value: s.value })
      },
      flex
        ? {}
        : {
            netFrameworkVersion: 'v10.0'
            use32BitWorkerProcess: false
            functionAppScaleLimit: min(maximumInstances, 200)
          }
    )
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
output name string = app.name
output host string = app.properties.defaultHostName
