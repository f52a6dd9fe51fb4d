// User-assigned, so that role assignments exist before what uses them, and survive when the app is made anew.

param appName string
param signalRName string
param location string
param tags object

resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: appName
  location: location
  tags: tags
}

// Of its own: the SignalR service reads one secret and needs nothing of what the app may do.
resource signalR 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: signalRName
  location: location
  tags: tags
}

output appId string = app.id
output appPrincipalId string = app.properties.principalId
output appClientId string = app.properties.clientId
output signalRId string = signalR.id
output signalRPrincipalId string = signalR.properties.principalId
