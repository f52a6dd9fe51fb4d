using 'main.bicep'

// For `azd up`: all values come from the azd environment (azd env set NAME VALUE).
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param hosting = readEnvironmentVariable('VOX_HOSTING', 'FlexConsumption')
param alwaysReady = int(readEnvironmentVariable('VOX_ALWAYS_READY', '0'))
param signalRAudience = readEnvironmentVariable('VOX_SIGNALR_AUDIENCE', '')
param signalRUnits = int(readEnvironmentVariable('VOX_SIGNALR_UNITS', '1'))
param alertEmails = [readEnvironmentVariable('VOX_ALERT_EMAIL', 'vox-alerts@example.com')]
param monthlyBudget = int(readEnvironmentVariable('VOX_MONTHLY_BUDGET', '100'))
param budgetStart = readEnvironmentVariable('VOX_BUDGET_START', '')
param frontDoor = bool(readEnvironmentVariable('VOX_FRONT_DOOR', 'false'))
param customDomain = readEnvironmentVariable('VOX_DOMAIN', '')
param deployerPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param deployerType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
