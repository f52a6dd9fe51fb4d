using 'break-glass.bicep'

// scripts/break-glass.sh sets these.
param principalId = readEnvironmentVariable('VOX_BREAK_GLASS_PRINCIPAL')
param hours = int(readEnvironmentVariable('VOX_BREAK_GLASS_HOURS'))
param reason = readEnvironmentVariable('VOX_BREAK_GLASS_REASON')
param write = bool(readEnvironmentVariable('VOX_BREAK_GLASS_WRITE'))
param accountName = readEnvironmentVariable('DATA_ACCOUNT')
