// One storage account. Used three times: for the state of the Functions host, for the chat data, and for unfinished uploads. So
// a busy host cannot throttle the data, the data can be replicated, locked and moved separately, and what strangers upload is
// neither kept as a version nor after its deletion.

@export()
type Container = {
  name: string

  @description('Days after the last change until blobs are deleted. Default: never.')
  deleteAfterDays: int?

  @description('Days after the last change until blobs move to the cool tier. Default: never.')
  coolAfterDays: int?

  @description('Days for which blobs can be neither changed nor deleted. Default: none.')
  immutableDays: int?

  @description('Whether it belongs to the account of unfinished uploads; only main.bicep looks at it.')
  ofUploads: bool?
}

param name string
param location string
param tags object
param sku ('Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS')

@description('Full names of the tables.')
param tables string[] = []
param containers Container[] = []

@description('Web origins that may put and get blobs directly. The signed address gives the access; this only tells browsers.')
param corsOrigins string[] = []

@description('Days for which deleted and overwritten blobs and deleted containers can be restored.')
@minValue(1)
@maxValue(365)
param softDeleteDays int

@description('Keeps versions of blobs, and what was deleted. Off for unfinished uploads: nobody is to pay for what they give up.')
param keepsDeleted bool = true

@description('Days for which all blobs can be set back to an earlier time together; fewer than softDeleteDays. 0: not at all.')
param restoreDays int = 0

@description('Only private endpoints and these addresses reach it. Not for accounts with which browsers exchange files.')
param closed bool = false
param allowedAddresses string[] = []

@description('Refuses the deletion of the account: tables have no soft delete.')
param locked bool
param workspaceId string

var aging = filter(containers, c => c.?deleteAfterDays != null || c.?coolAfterDays != null)

resource account 'Microsoft.Storage/storageAccounts@2026-09-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku }
  kind: 'StorageV2'
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: closed ? 'Deny' : 'Allow'
      ipRules: map(closed ? allowedAddresses : [], address => { value: address, action: 'Allow' })
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      containerDeleteRetentionPolicy: keepsDeleted ? { enabled: true, days: softDeleteDays } : { enabled: false }
      deleteRetentionPolicy: keepsDeleted ? { enabled: true, days: softDeleteDays } : { enabled: false }
      isVersioningEnabled: keepsDeleted
      changeFeed: restoreDays > 0 ? { enabled: true, retentionInDays: softDeleteDays } : null
      restorePolicy: restoreDays > 0 ? { enabled: true, days: restoreDays } : null
      cors: {
        corsRules: empty(corsOrigins)
          ? []
          : [
              {
                allowedOrigins: corsOrigins
                allowedMethods: ['GET', 'HEAD', 'PUT', 'OPTIONS']
                allowedHeaders: ['content-type', 'content-md5', 'range', 'x-ms-*']
                exposedHeaders: ['etag', 'content-length', 'content-range', 'accept-ranges', 'x-ms-*']
                maxAgeInSeconds: 3600
              }
            ]
      }
    }

    resource container 'containers' = [
      for c in containers: {
        name: c.name
        properties: { publicAccess: 'None' }
      }
    ]  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource table 'tables' = [for t in tables: { name: t }]
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: concat(
          [
            {
              name: 'old-versions'
              type: 'Lifecycle'
              definition: {
                filters: { blobTypes: ['blockBlob'] }
                actions: { version: { delete: { daysAfterCreationGreaterThan: softDeleteDays } } }
              }
            }
          ],
          map(aging, c => {
            name: 'age-${c.name}'
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['${c.name}/'] }
              actions: {
                baseBlob: union(
                  c.?coolAfterDays == null ? {} : { tierToCool: { daysAfterModificationGreaterThan: c.?coolAfterDays } },
                  c.?deleteAfterDays == null ? {} : { delete: { daysAfterModificationGreaterThan: c.?deleteAfterDays } }
                )
              }
            }
          })
        )
      }
    }
    dependsOn: [blobs]
  }
}

// Not locked: whoever has the right can lengthen it or lock it for good, with `az storage container immutability-policy lock`.
resource immutable 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2026-09-01' = [
  for c in filter(containers, c => c.?immutableDays != null): {
    name: '${name}/default/${c.name}/default'
    properties: { immutabilityPeriodSinceCreationInDays: c.?immutableDays, allowProtectedAppendWrites: false }
    dependsOn: [account::blobs]
  }
]

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  scope: account
  name: 'keep'
  properties: { level: 'CanNotDelete', notes: 'Tables cannot be restored.' }
}

// The only stable version, of 2016, knows no categories such as these.
#disable-next-line use-recent-api-versions
resource tableLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(tables)) {
  scope: account::tableService
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

output id string = account.id
output blobEndpoint string = account.properties.primaryEndpoints.blob
