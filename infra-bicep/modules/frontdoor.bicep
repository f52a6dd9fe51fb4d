// Optional: your own domain, and static files from the edge. All requests go through it; only static files are cached.
// The SignalR service calls the app directly, and clients connect to the SignalR service directly: WebSockets do not pass through here.

param name string
param tags object
param appHost string

@description('A domain such as chat.example.com. Empty: only the endpoint\'s own host name.')
param customDomain string

resource profile 'Microsoft.Cdn/profiles@2024-02-01' = {
  name: name
  location: 'global'
  tags: tags
  sku: { name: 'Standard_AzureFrontDoor' }
  properties: { originResponseTimeoutSeconds: 60 }

  resource endpoint 'afdEndpoints' = {
    name: name
    location: 'global'
    tags: tags
    properties: { enabledState: 'Enabled' }
  }

  resource group 'originGroups' = {
    name: 'app'
    properties: {
      loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3 }
      healthProbeSettings: { probePath: '/api/health/live', probeProtocol: 'Https', probeRequestType: 'GET', probeIntervalInSeconds: 240 }
    }

    resource origin 'origins' = {
      name: 'app'
      properties: { hostName: appHost, originHostHeader: appHost, httpsPort: 443, enforceCertificateNameCheck: true }
    }
  }

  resource domain 'customDomains' = if (!empty(customDomain)) {
    name: 'custom'
    properties: {
      hostName: customDomain
      tlsSettings: { certificateType: 'ManagedCertificate', minimumTlsVersion: 'TLS12' }
    }
  }
}

var domains = empty(customDomain) ? [] : [{ id: profile::domain.id }]
var common = {
  originGroup: { id: profile::group.id }
  customDomains: domains
  supportedProtocols: ['Http', 'Https']
  httpsRedirect: 'Enabled'
  forwardingProtocol: 'HttpsOnly'
  linkToDefaultDomain: 'Enabled'
}

resource everything 'Microsoft.Cdn/profiles/afdEndpoints/routes@2024-02-01' = {
  parent: profile::endpoint
  name: 'app'
  properties: union(common, { patternsToMatch: ['/*'] })
  dependsOn: [profile::group::origin]
}

resource staticFiles 'Microsoft.Cdn/profiles/afdEndpoints/routes@2024-02-01' = {
  parent: profile::endpoint
  name: 'static'
  properties: union(common, {
    patternsToMatch: ['/sdk/*', '/demo/*', '/portal/*']
    cacheConfiguration: {
      queryStringCachingBehavior: 'UseQueryString'
      compressionSettings: {
        isCompressionEnabled: true
        contentTypesToCompress: ['text/html', 'text/css', 'text/javascript', 'application/javascript', 'application/json', 'image/svg+xml']
      }
    }
  })
  dependsOn: [profile::group::origin]
}

output host string = profile::endpoint.properties.hostName

@description('What Front Door sends in X-Azure-FDID.')
output id string = profile.properties.frontDoorId
