using System.Text.Json;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi;

/// <summary>A JSON object that a customer's server keeps with something of ours.</summary>
internal static class CustomData
{
    /// <summary>Bytes of the JSON text in UTF-8.</summary>
    public const int MaxBytes = 8 * 1024;

    /// <returns>The JSON text to store, empty for none; null when the field is absent.</returns>
    /// <exception cref="VoxException">invalid_field, too_long</exception>
    public static string? Check(JsonElement value, string field) => JsonObjectText.Check(value, field, MaxBytes);

    /// <param name="text">As <see cref="Check"/> made it.</param>
    public static JsonElement? Read(string text) => JsonObjectText.Read(text);
}
