using System.Net.Http.Headers;
using System.Text.Json;
using Vox.Platform.Storage;

namespace Vox.Chat.Push;

/// <summary>What is common to the answers of push services.</summary>
internal static class PushAnswers
{
    /// <summary>How long a service may keep a push message for a device that cannot be reached.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>Whoever asks for longer is asked again after this time.</summary>
    private static readonly TimeSpan MaxPause = TimeSpan.FromHours(1);

    /// <summary><c>Retry-After</c> in both of its forms.</summary>
    public static TimeSpan? Pause(RetryConditionHeaderValue? value, DateTimeOffset now)
    {
        var pause = value?.Delta ?? (value?.Date is { } date ? date - now : null);
        return pause is not { } given ? null : given < TimeSpan.Zero ? TimeSpan.Zero : given > MaxPause ? MaxPause : given;
    }

    /// <summary>A text of an answer in JSON, or null.</summary>
    public static string? Text(ReadOnlySpan<byte> json, params ReadOnlySpan<string> path)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var element = JsonElement.ParseValue(ref reader);
            foreach (var name in path)
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                {
                    return null;
                }
            }

            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>So that a service's own words cannot fill our records.</summary>
    public static string Short(string? reason, int status) =>
        reason is { Length: > 0 and <= 64 } && reason.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? reason : $"{status}";

    public static string Tag(string projectId, string conversationId) => KeyText.Digest(projectId, conversationId);
}
