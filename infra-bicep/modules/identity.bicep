// User-assigned, so that role assignments exist before the resources that use them, and survive when the app is created again.

param appName string
param signalRName string
param location string
param tags object

resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: appName
  location: location
  tags: tags
}

// A separate identity: the SignalR service reads one secret and needs none of the app's rights.
resource signalR 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: signalRName
  location: location
  tags: tags
}

output appId string = app.id
output appPrincipalId string = app.properties.principalId
output appClientId string = app.properties.clientId
output signalRId string = signalR.id
output signalRPrincipalId string = signalR.properties.principalId
