// All names in one place. A change here renames resources, and Azure creates new ones for new names: plan a migration first.

@export()
@description('Names of all resources of one environment.')
type Names = {
  group: string
  plan: string
  app: string
  appHost: string
  appIdentity: string
  signalR: string
  signalRIdentity: string
  stateAccount: string
  dataAccount: string
  uploadAccount: string
  backupAccount: string
  vault: string
  mail: string
  workspace: string
  insights: string
  actionGroup: string
  budget: string
  frontDoor: string
  network: string
}

@description('Short, stable, and unique in all of Azure: storage accounts, vaults and host names share one global namespace.')
func tokenOf(environment string, location string, subscriptionId string) string =>
  uniqueString(subscriptionId, environment, location)

@description('azd allows names of 64 characters with dots, parentheses and underscores; most resources do not. Short plain names stay as they are.')
func shortOf(environment string) string =>
  take(replace(replace(toLower(replace(replace(replace(replace(environment, '_', '-'), '.', '-'), '(', ''), ')', '')), '--', '-'), '--', '-'), 24)

func trimmed(text string) string => endsWith(text, '-') ? take(text, max(0, length(text) - 1)) : text

func namesFrom(group string, environment string, token string) Names => {
  group: 'rg-vox-${group}'
  plan: 'plan-vox-${environment}'
  app: 'func-vox-${environment}-${token}'
  appHost: 'func-vox-${environment}-${token}.azurewebsites.net'
  appIdentity: 'id-vox-${environment}-app'
  signalR: 'sigr-vox-${environment}-${token}'
  signalRIdentity: 'id-vox-${environment}-signalr'
  stateAccount: 'stvoxapp${token}'
  dataAccount: 'stvoxdata${token}'
  uploadAccount: 'stvoxup${token}'
  backupAccount: 'stvoxbak${token}'
  vault: 'kv-vox-${token}'
  mail: 'acs-vox-${environment}-${token}'
  workspace: 'log-vox-${environment}'
  insights: 'appi-vox-${environment}'
  actionGroup: 'ag-vox-${environment}'
  budget: 'budget-vox-${environment}'
  frontDoor: 'afd-vox-${environment}'
  network: 'vnet-vox-${environment}'
}

@export()
func namesOf(environment string, location string, subscriptionId string) Names =>
  namesFrom(environment, trimmed(shortOf(environment)), tokenOf(environment, location, subscriptionId))

@export()
@description('SignalR services by number: the first, and so many further ones.')
func signalRNamesOf(first string, further int) string[] => [first, ...map(range(1, further), number => '${first}-${number}')]

// The secret with the key with which the SignalR service calls the app. Operators and scripts know it by this name.
@export()
var signalRKeySecret = 'signalr-upstream-key'

// The key that wraps the data protection keys.
@export()
var dataProtectionKey = 'data-protection'

@export()
@description('Container with the running package.')
var packageContainer = 'deployments'

@export()
@description('Container with earlier packages, to roll back to.')
var releaseContainer = 'releases'
