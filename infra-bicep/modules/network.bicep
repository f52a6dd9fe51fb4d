// A network of the app's own: it reaches storage and vault by private endpoints. Browsers exchange files with the data and upload accounts
// directly, and the SignalR service reads its key in the vault, so those keep their public addresses too; identities guard them.

param name string
param location string
param tags object
param stateAccountId string
param dataAccountId string
param uploadAccountId string
param vaultId string

resource network 'Microsoft.Network/virtualNetworks@2026-03-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] }
    subnets: [
      {
        name: 'app'
        properties: {
          // Each instance takes an address: room for 1,000.
          addressPrefix: '10.20.0.0/22'
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      { name: 'endpoints', properties: { addressPrefix: '10.20.4.0/24', privateEndpointNetworkPolicies: 'Disabled' } }
    ]
  }

  resource appSubnet 'subnets' existing = { name: 'app' }
  resource endpointSubnet 'subnets' existing = { name: 'endpoints' }
}

var blob = 'privatelink.blob.${environment().suffixes.storage}'
var queue = 'privatelink.queue.${environment().suffixes.storage}'
var table = 'privatelink.table.${environment().suffixes.storage}'
var vault = 'privatelink.vaultcore.azure.net'
var zoneNames = [blob, table, vault, queue]

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in zoneNames: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, i) in zoneNames: {
    parent: zones[i]
    name: name
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
]

var targets = [
  { name: 'state-blob', id: stateAccountId, service: 'blob', zone: 0 }
  { name: 'state-queue', id: stateAccountId, service: 'queue', zone: 3 }
  { name: 'data-blob', id: dataAccountId, service: 'blob', zone: 0 }
  { name: 'data-table', id: dataAccountId, service: 'table', zone: 1 }
  { name: 'upload-blob', id: uploadAccountId, service: 'blob', zone: 0 }
  { name: 'vault', id: vaultId, service: 'vault', zone: 2 }
]

module endpoints 'endpoint.bicep' = [
  for t in targets: {
    name: 'endpoint-${t.name}'
    params: {
      name: 'pe-${t.name}'
      location: location
      tags: tags
      subnetId: network::endpointSubnet.id
      targetId: t.id
      service: t.service
      zoneId: zones[t.zone].id
    }
  }
]

output appSubnetId string = network::appSubnet.id
