using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Vox.DevHost.SignalR;

/// <summary>A SignalR connection string: <c>Endpoint=http://localhost;Port=8888;AccessKey=…;Version=1.0;</c></summary>
internal sealed class SignalRConnection
{
    private const string DefaultSetting = "AzureSignalRConnectionString";
    private const string Endpoints = "Azure:SignalR:Endpoints";
    private static readonly JsonWebTokenHandler Tokens = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly SigningCredentials signing;

    private SignalRConnection(string endpoint, string? port, string accessKey)
    {
        AccessKey = Encoding.UTF8.GetBytes(accessKey);
        Host = endpoint.TrimEnd('/');
        Endpoint = port is null ? Host : $"{Host}:{port}";
        signing = new SigningCredentials(
            new SymmetricSecurityKey(AccessKey) { KeyId = Convert.ToHexStringLower(SHA256.HashData(AccessKey))[..16] },
            SecurityAlgorithms.HmacSha256);
    }

    public byte[] AccessKey { get; }

    /// <summary>The endpoint with its port: where requests go.</summary>
    public string Endpoint { get; }

    /// <summary>The endpoint without its port: what the official extension puts into a client token's audience.</summary>
    public string Host { get; }

    /// <summary>The connection of a setting; null when it is missing.</summary>
    public static SignalRConnection? Find(IConfiguration configuration, string? setting)
    {
        var name = setting ?? DefaultSetting;
        return configuration[name] is { Length: > 0 } text ? Parse(name, text) : null;
    }

    /// <summary>
    /// The keys with which events may be signed: of the setting's service, and of those under <c>Azure:SignalR:Endpoints</c>. So does the
    /// official extension.
    /// </summary>
    public static IEnumerable<byte[]> KeysOf(IConfiguration configuration, SignalRConnection own) => configuration
        .GetSection(Endpoints).GetChildren()
        .Where(endpoint => !string.IsNullOrEmpty(endpoint.Value))
        .Select(endpoint => Parse($"{Endpoints}:{endpoint.Key}", endpoint.Value!).AccessKey)
        .Prepend(own.AccessKey);

    private static SignalRConnection Parse(string name, string text)
    {
        var parts = text
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(p => p.Split('=', 2))
            .Where(p => p.Length == 2)
            .ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
        return parts.TryGetValue("Endpoint", out var endpoint) && parts.TryGetValue("AccessKey", out var key)
            ? new SignalRConnection(endpoint, parts.GetValueOrDefault("Port"), key)
            : throw new InvalidOperationException($"The setting '{name}' needs an Endpoint and an AccessKey.");
    }

    public static SignalRConnection Get(IConfiguration configuration, string? setting) =>
        Find(configuration, setting)
        ?? throw new InvalidOperationException($"There is no SignalR connection string: set '{setting ?? DefaultSetting}'.");

    /// <summary>A token for the audience, valid for an hour.</summary>
    public string CreateToken(string audience, DateTimeOffset now, string? userId = null) => Tokens.CreateToken(new SecurityTokenDescriptor
    {
        Audience = audience,
        Claims = userId is null ? [] : new Dictionary<string, object>(StringComparer.Ordinal) { ["asrs.s.uid"] = userId },
        NotBefore = now.UtcDateTime,
        IssuedAt = now.UtcDateTime,
        Expires = now.AddHours(1).UtcDateTime,
        SigningCredentials = signing,
    });
}
