using 'main.bicep'

// The cheapest sizes: it costs nearly nothing while nobody uses it. Free_F1 allows 20 connections.
param environmentName = 'dev'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param instanceMemoryMB = 512
param maximumInstances = 5
param signalRSku = 'Free_F1'
param alertEmails = [readEnvironmentVariable('VOX_ALERT_EMAIL', 'vox-alerts@example.com')]
param monthlyBudget = 30
param budgetStart = readEnvironmentVariable('VOX_BUDGET_START', '')
param deployerPrincipalId = readEnvironmentVariable('VOX_DEPLOYER_ID', '')
