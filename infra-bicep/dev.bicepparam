using 'main.bicep'

// The cheapest sizes: about $39 a month while nobody uses it, most of it alerts (docs/costs.md). Free_F1 allows 20 connections.
param environmentName = 'dev'
param location = readEnvironmentVariable('AZURE_LOCATION')
param instanceMemoryMB = 512
param maximumInstances = 5
param signalRSku = 'Free_F1'
param alertEmails = split(readEnvironmentVariable('VOX_ALERT_EMAIL'), ' ')
param monthlyBudget = 45
param budgetStart = readEnvironmentVariable('VOX_BUDGET_START', '')
param deployerPrincipalId = readEnvironmentVariable('VOX_DEPLOYER_ID', '')
param deployerType = readEnvironmentVariable('VOX_DEPLOYER_TYPE', 'ServicePrincipal')
param recoverVault = bool(readEnvironmentVariable('VOX_RECOVER_VAULT', 'false'))
param runbook = readEnvironmentVariable('VOX_RUNBOOK', 'docs/operations.md')
param availabilityTest = false
param backup = false
param telemetrySuccessPercent = 100

// Every setting of the app beyond those that modules/settings.bicep computes: docs/api.md. This is the one place for them; what somebody sets
// in the app by hand stops the next deployment (scripts/settings.sh).
param appSettings = {}
