using 'main.bicep'

// For `azd up`: all values come from the azd environment (azd env set NAME VALUE). What has no default here, azd or scripts/before.sh asks for.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param hosting = readEnvironmentVariable('VOX_HOSTING', 'FlexConsumption')
param alwaysReady = int(readEnvironmentVariable('VOX_ALWAYS_READY', '0'))
param signalRAudience = readEnvironmentVariable('VOX_SIGNALR_AUDIENCE', '')
param signalRSku = readEnvironmentVariable('VOX_SIGNALR_SKU', 'Standard_S1')
param signalRUnits = int(readEnvironmentVariable('VOX_SIGNALR_UNITS', '1'))
param signalRMostUnits = int(readEnvironmentVariable('VOX_SIGNALR_MOST_UNITS', '0'))
param signalRFurtherUnits = map(filter(split(readEnvironmentVariable('VOX_SIGNALR_FURTHER_UNITS', ''), ' '), units => !empty(units)), units => int(units))
param alertEmails = split(readEnvironmentVariable('VOX_ALERT_EMAIL'), ' ')
param monthlyBudget = int(readEnvironmentVariable('VOX_MONTHLY_BUDGET', '100'))
param budgetStart = readEnvironmentVariable('VOX_BUDGET_START', '')
param dataSku = readEnvironmentVariable('VOX_DATA_SKU', 'Standard_LRS')
param zoneRedundant = bool(readEnvironmentVariable('VOX_ZONE_REDUNDANT', 'false'))
param privateNetwork = bool(readEnvironmentVariable('VOX_PRIVATE_NETWORK', 'false'))
param allowedAddresses = empty(readEnvironmentVariable('VOX_ALLOWED_ADDRESSES', '')) ? [] : split(readEnvironmentVariable('VOX_ALLOWED_ADDRESSES', ''), ' ')
param backup = bool(readEnvironmentVariable('VOX_BACKUP', 'true'))
param backupLocation = readEnvironmentVariable('VOX_BACKUP_LOCATION', '')
param mail = bool(readEnvironmentVariable('VOX_MAIL', 'true'))
param mailDataLocation = readEnvironmentVariable('VOX_MAIL_DATA_LOCATION', 'Europe')
param availabilityTest = bool(readEnvironmentVariable('VOX_AVAILABILITY_TEST', 'true'))
param runbook = readEnvironmentVariable('VOX_RUNBOOK', 'docs/operations.md')
param frontDoor = bool(readEnvironmentVariable('VOX_FRONT_DOOR', 'false'))
param customDomain = readEnvironmentVariable('VOX_DOMAIN', '')
param deployerPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param deployerType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
param recoverVault = bool(readEnvironmentVariable('VOX_RECOVER_VAULT', 'false'))

// Every setting of the app beyond those that modules/settings.bicep computes: docs/api.md. This is the one place for them; what somebody sets
// in the app by hand stops the next deployment (scripts/settings.sh).
param appSettings = {}
