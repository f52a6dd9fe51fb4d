// Access to the chat data for one person, for some hours: with shared keys off, and no role on the data for anybody but the app, this is the
// only way in. It ends by itself, and both the request and its reason are in the activity log. Needs Privileged Identity Management
// (Microsoft Entra ID P2). scripts/break-glass.sh deploys it.

@description('Object id of the person in Entra ID.')
param principalId string

@minValue(1)
@maxValue(8)
param hours int

@minLength(10)
@description('Why, such as the number of the incident.')
param reason string

@description('The storage account with the data.')
param accountName string

@description('Whether they may also change data. Otherwise they may only read.')
param write bool

// Only values that a parameter has by default may be new in each deployment.
param start string = utcNow('yyyy-MM-ddTHH:mm:ssZ')
param request string = newGuid()

var roles = write
  ? ['0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'] // Storage Table and Blob Data Contributor
  : ['76199698-9eea-4c19-bc75-cec21354c6b6', '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'] // Storage Table and Blob Data Reader

resource data 'Microsoft.Storage/storageAccounts@2026-09-01' existing = { name: accountName }

// Every request is a new one. The compiler has no schema for them: it follows Microsoft's reference of 2022-04-01.
#disable-next-line BCP081
resource access 'Microsoft.Authorization/roleAssignmentScheduleRequests@2022-04-01' = [
  for role in roles: {
    scope: data
    #disable-next-line use-stable-resource-identifiers
    name: guid(request, role)
    properties: {
      principalId: principalId
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      requestType: 'AdminAssign'
      justification: reason
      scheduleInfo: {
        startDateTime: start
        expiration: { type: 'AfterDuration', duration: 'PT${hours}H' }
      }
    }
  }
]
