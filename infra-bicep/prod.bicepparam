using 'main.bicep'

// Sized for 8,000 users, of whom a tenth are online at the busiest time; docs/operations.md says what to raise when, docs/costs.md what it costs.
param environmentName = 'prod'
param location = readEnvironmentVariable('AZURE_LOCATION')
param instanceMemoryMB = 512
param maximumInstances = 100
param httpConcurrency = 50
param alwaysReady = 1
param dataSku = 'Standard_GZRS'
param softDeleteDays = 30
param lockData = true
param signalRUnits = 1
param logRetentionDays = 90
param logDailyCapGb = 2
param alertEmails = split(readEnvironmentVariable('VOX_ALERT_EMAIL'), ' ')
param monthlyBudget = 200
param budgetStart = readEnvironmentVariable('VOX_BUDGET_START', '')
param deployerPrincipalId = readEnvironmentVariable('VOX_DEPLOYER_ID', '')
param deployerType = readEnvironmentVariable('VOX_DEPLOYER_TYPE', 'ServicePrincipal')
param recoverVault = bool(readEnvironmentVariable('VOX_RECOVER_VAULT', 'false'))
param runbook = readEnvironmentVariable('VOX_RUNBOOK', 'docs/operations.md')

// Every setting of the app beyond those that modules/settings.bicep computes: docs/api.md. This is the one place for them; what somebody sets
// in the app by hand stops the next deployment (scripts/settings.sh).
param appSettings = {}
