using 'main.bicep'

// Cheapest: everything that can be zero while nobody uses it is, but for the SignalR unit (Free_F1 would do for 20 connections).
param environmentName = 'dev'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param instanceMemoryMB = 512
param maximumInstances = 5
param signalRSku = 'Free_F1'
param alertEmails = [readEnvironmentVariable('VOX_ALERT_EMAIL', 'vox-alerts@example.com')]
param monthlyBudget = 30
param budgetStart = readEnvironmentVariable('VOX_BUDGET_START', '')
param deployerPrincipalId = readEnvironmentVariable('VOX_DEPLOYER_ID', '')
