using Vox.Chat.Model;
using System.Globalization;
using System.Text.Json;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Messages;

/// <summary>
/// Checks that the data of a file is a key. Checks locations and contacts whose data has the documented form, because receiving apps rely
/// on that form. Any other data passes, such as plain text or an app's own object: it was never checked, and apps depend on that. The
/// sender's own text is sent on unchanged.
/// </summary>
internal static class MessageData
{
    private const int MaxAddress = 1_000;
    private const int MaxName = 200;
    private const int MaxNumbers = 50;
    private const int MaxNumber = 100;

    /// <exception cref="VoxException">missing_field, invalid_field, too_long. The error's field is named as in the data.</exception>
    public static void Check(MessageType type, string data)
    {
        if (type.IsFile())
        {
            // Apps append it to the prefix of the project's media addresses.
            FileKey.CheckReference(data, "data");
            return;
        }

        if (type is not (MessageType.Location or MessageType.Contact))
        {
            return;
        }

        using var json = Parse(data);
        if (json is null)
        {
            return;
        }

        if (type == MessageType.Location && Has(json, "lat", "lon"))
        {
            CheckLocation(json.RootElement);
        }
        else if (type == MessageType.Contact && Has(json, "name", "numbers"))
        {
            CheckContact(json.RootElement);
        }
    }

    private static void CheckLocation(JsonElement location)
    {
        CheckDegrees(location, "lat", 90);
        CheckDegrees(location, "lon", 180);
        if (location.TryGetProperty("address", out var address) && address.ValueKind != JsonValueKind.Null)
        {
            Text(address, "address", MaxAddress);
        }
    }

    private static void CheckContact(JsonElement contact)
    {
        if (Text(contact.GetProperty("name"), "name", MaxName).Trim().Length == 0)
        {
            throw new VoxException(Errors.MissingField, "A contact needs a name.", "name");
        }

        var numbers = Texts(contact, "numbers");
        if (numbers is null or 0)
        {
            throw new VoxException(Errors.MissingField, "A contact needs numbers: a list with at least one text.", "numbers");
        }

        if (Texts(contact, "labels") > numbers)
        {
            throw new VoxException(Errors.InvalidField, "A contact may have no more labels than numbers.", "labels");
        }
    }

    /// <summary>Accepts a number, or a string that holds one: some mobile apps write it so.</summary>
    private static void CheckDegrees(JsonElement location, string name, double max)
    {
        var value = location.GetProperty(name);
        var degrees = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String when double.TryParse(
                Text(value, name, 40), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => double.NaN,
        };
        if (!(Math.Abs(degrees) <= max))
        {
            throw new VoxException(Errors.InvalidField, $"{name} must be a number of degrees from -{max} to {max}.", name);
        }
    }

    private static int? Texts(JsonElement contact, string name)
    {
        if (!contact.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxNumbers)
        {
            throw new VoxException(Errors.InvalidField, $"{name} must be a list of at most {MaxNumbers} texts.", name);
        }

        foreach (var text in list.EnumerateArray())
        {
            Text(text, name, MaxNumber);
        }

        return list.GetArrayLength();
    }

    private static string Text(JsonElement value, string name, int max)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw new VoxException(Errors.InvalidField, $"{name} must be a text.", name);
        }

        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            // The JSON text has half of a surrogate pair, written as an escape.
            throw new VoxException(Errors.InvalidField, $"{name} contains half of a surrogate pair.", name, e);
        }

        return text.Length <= max
            ? text
            : throw new VoxException(Errors.TooLong, $"{name} may have at most {max:N0} characters.", name);
    }

    private static bool Has(JsonDocument json, string one, string other) =>
        json.RootElement.ValueKind == JsonValueKind.Object
        && json.RootElement.TryGetProperty(one, out _) && json.RootElement.TryGetProperty(other, out _);

    /// <returns>Null when the data is not JSON.</returns>
    private static JsonDocument? Parse(string data)
    {
        try
        {
            return JsonDocument.Parse(data, new JsonDocumentOptions { MaxDepth = 8 });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
