using 'main.bicep'

// Sized for 10,000 users; docs/operations.md says what to raise when, docs/costs.md what it costs.
param environmentName = 'prod'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param instanceMemoryMB = 2048
param maximumInstances = 100
param httpConcurrency = 100
param alwaysReady = 1
param dataSku = 'Standard_GZRS'
param softDeleteDays = 30
param lockData = true
param signalRUnits = 1
param logRetentionDays = 90
param logDailyCapGb = 2
param alertEmails = [readEnvironmentVariable('VOX_ALERT_EMAIL', 'vox-alerts@example.com')]
param monthlyBudget = 200
param budgetStart = readEnvironmentVariable('VOX_BUDGET_START', '')
param deployerPrincipalId = readEnvironmentVariable('VOX_DEPLOYER_ID', '')
