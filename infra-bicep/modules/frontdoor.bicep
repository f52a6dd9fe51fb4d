// Optional: your own domain, and static files from the edge. All requests go through it; only static files are cached.
// The app lets nobody else in (restrictionsOf), and believes what Front Door says about clients (settingsOf). Only the SignalR
// service still calls the app directly, and clients connect to the SignalR service directly: WebSockets do not pass through here.

param name string
param tags object
param appHost string

@description('A domain such as chat.example.com. Empty: only the endpoint\'s own host name.')
param customDomain string

resource profile 'Microsoft.Cdn/profiles@2026-07-01' = {
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

// Browsers that were here once never ask by HTTP again, also when the app does not answer.
resource rules 'Microsoft.Cdn/profiles/ruleSets@2026-07-01' = {
  parent: profile
  name: 'headers'

  resource hsts 'rules' = {
    name: 'hsts'
    properties: {
      order: 1
      conditions: []
      actions: [
        {
          name: 'ModifyResponseHeader'
          parameters: {
            typeName: 'DeliveryRuleHeaderActionParameters'
            headerAction: 'Overwrite'
            headerName: 'Strict-Transport-Security'
            value: 'max-age=31536000'
          }
        }
      ]
    }
  }
}

var domains = empty(customDomain) ? [] : [{ id: profile::domain.id }]
var common = {
  originGroup: { id: profile::group.id }
  customDomains: domains
  ruleSets: [{ id: rules.id }]
  supportedProtocols: ['Http', 'Https']
  httpsRedirect: 'Enabled'
  forwardingProtocol: 'HttpsOnly'
  linkToDefaultDomain: 'Enabled'
}

resource everything 'Microsoft.Cdn/profiles/afdEndpoints/routes@2026-07-01' = {
  parent: profile::endpoint
  name: 'app'
  properties: union(common, { patternsToMatch: ['/*'] })
  dependsOn: [profile::group::origin]
}

resource staticFiles 'Microsoft.Cdn/profiles/afdEndpoints/routes@2026-07-01' = {
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

@export()
@description('Who may call the app: this Front Door, which names itself by its id in X-Azure-FDID, and the SignalR service.')
func restrictionsOf(id string) array => [
  {
    name: 'front-door'
    priority: 100
    action: 'Allow'
    tag: 'ServiceTag'
    ipAddress: 'AzureFrontDoor.Backend'
    // All customers' Front Doors have these addresses.
    headers: { 'x-azure-fdid': [id] }
  }
  { name: 'signalr', priority: 110, action: 'Allow', tag: 'ServiceTag', ipAddress: 'AzureSignalR' }
]

@export()
@description('What the app must know: which Front Door may say who the client is, and where browsers are.')
func settingsOf(id string, host string) object => { Limits__FrontDoorId: id, Portal__BaseUrl: 'https://${host}' }
