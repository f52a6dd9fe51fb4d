// Sends e-mail by Azure Communication Services, with the app's identity: without e-mail nobody can sign up, so nobody can make a project.

param name string
param tags object

@description('Where the service keeps what passes through it, such as Europe or United States.')
param dataLocation string

// The domain is Azure's own (…azurecomm.net): it works at once and needs no DNS, but sends only some hundred e-mails a day.
resource email 'Microsoft.Communication/emailServices@2026-03-18' = {
  name: name
  location: 'global'
  tags: tags
  properties: { dataLocation: dataLocation }

  resource domain 'domains' = {
    name: 'AzureManagedDomain'
    location: 'global'
    tags: tags
    properties: { domainManagement: 'AzureManaged', userEngagementTracking: 'Disabled' }
  }
}

resource service 'Microsoft.Communication/communicationServices@2026-03-18' = {
  name: name
  location: 'global'
  tags: tags
  properties: { dataLocation: dataLocation, linkedDomains: [email::domain.id], disableLocalAuth: true }
}

output endpoint string = 'https://${service.properties.hostName}'
output sender string = 'DoNotReply@${email::domain.properties.mailFromSenderDomain}'

@export()
@description('What the app must know.')
func mailSettingsOf(endpoint string, sender string) object => { Mail__Endpoint: endpoint, Mail__From: 'VoxFunctions <${sender}>' }
