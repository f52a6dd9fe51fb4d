namespace Vox.Server;

/// <summary>
/// Your project, as your server sees it. Safe for use by many threads; make one, or let <c>AddVox()</c> make it. Every method throws
/// <see cref="VoxApiException"/> when the server refuses, and repeats by itself what failed in passing.
/// </summary>
public sealed class VoxClient
{
    /// <param name="http">Is used as it is, with its time-outs and handlers.</param>
    /// <param name="options">See there.</param>
    /// <param name="time">The clock of the pauses between repetitions; null for the system's.</param>
    /// <exception cref="ArgumentException">Something in the options is missing or out of its range.</exception>
    public VoxClient(HttpClient http, VoxOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        VoxOptions.Check(options);
        var connection = new VoxConnection(http, options, time ?? TimeProvider.System);
        Users = new VoxUsers(connection);
        Tokens = new VoxTokens(connection);
        Messages = new VoxMessages(connection);
        Groups = new VoxGroups(connection);
        Moderation = new VoxModeration(connection);
        Flags = new VoxFlags(connection);
        Words = new VoxWords(connection);
        Search = new VoxSearch(connection);
        Webhooks = new VoxEndpoints(connection);
        BeforeSend = new VoxBeforeSend(connection);
        Requests = new VoxRequests(connection);
        Exports = new VoxExports(connection);
        Erasures = new VoxErasures(connection);
    }

    /// <summary>Users, who is online, their log-ins and their devices.</summary>
    public VoxUsers Users { get; }

    /// <summary>Tokens with which users log in.</summary>
    public VoxTokens Tokens { get; }

    /// <summary>Messages.</summary>
    public VoxMessages Messages { get; }

    /// <summary>Groups and their members.</summary>
    public VoxGroups Groups { get; }

    /// <summary>Bans and mutes.</summary>
    public VoxModeration Moderation { get; }

    /// <summary>What users have flagged for moderators.</summary>
    public VoxFlags Flags { get; }

    /// <summary>Words that are blocked, masked or flagged.</summary>
    public VoxWords Words { get; }

    /// <summary>Search in all conversations.</summary>
    public VoxSearch Search { get; }

    /// <summary>Webhook endpoints, and what was sent to them. <see cref="VoxWebhooks"/> checks what your server receives.</summary>
    public VoxEndpoints Webhooks { get; }

    /// <summary>Your server that is asked before a message is stored.</summary>
    public VoxBeforeSend BeforeSend { get; }

    /// <summary>What servers and users asked the API for.</summary>
    public VoxRequests Requests { get; }

    /// <summary>Archives of a user's data, or of the whole project's.</summary>
    public VoxExports Exports { get; }

    /// <summary>Erasing everything that a user wrote.</summary>
    public VoxErasures Erasures { get; }
}
