using Vox.Chat.Model;
using Vox.Chat.Projects;

namespace Vox.Chat.Push;

/// <summary>The words of push messages, in the language of the device.</summary>
internal static class PushText
{
    /// <summary>Characters of a text. Services take 4 KB in all; nobody reads more in a notification.</summary>
    private const int MaxText = 240;

    private const int MaxTitle = 100;

    private static readonly Dictionary<string, Words> Languages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["de"] = new("Neue Nachricht", "Foto", "Video", "Dokument", "Standort", "Kontakt"),
        ["en"] = new("New message", "Photo", "Video", "Document", "Location", "Contact"),
        ["es"] = new("Nuevo mensaje", "Foto", "Vídeo", "Documento", "Ubicación", "Contacto"),
        ["fr"] = new("Nouveau message", "Photo", "Vidéo", "Document", "Position", "Contact"),
        ["it"] = new("Nuovo messaggio", "Foto", "Video", "Documento", "Posizione", "Contatto"),
        ["nl"] = new("Nieuw bericht", "Foto", "Video", "Document", "Locatie", "Contact"),
        ["pl"] = new("Nowa wiadomość", "Zdjęcie", "Wideo", "Dokument", "Lokalizacja", "Kontakt"),
        ["pt"] = new("Nova mensagem", "Foto", "Vídeo", "Documento", "Localização", "Contacto"),
        ["tr"] = new("Yeni mesaj", "Fotoğraf", "Video", "Belge", "Konum", "Kişi"),
    };

    /// <param name="sender">How the sender is called; empty for the customer's system.</param>
    /// <param name="group">The group's name; null between two users.</param>
    public static (string Title, string Body) Of(
        PushContent content, MessageDraft draft, string sender, string? group, string language)
    {
        var words = Languages.GetValueOrDefault(language.Split('-')[0]) ?? Languages["en"];
        if (content == PushContent.None)
        {
            return (words.Message, "");
        }

        var title = Short(group is { Length: > 0 } ? group : sender.Length > 0 ? sender : words.Message, MaxTitle);
        var text = content == PushContent.Name ? words.Message : Short(Text(draft, words), MaxText);
        return (title, group is { Length: > 0 } && sender.Length > 0 ? $"{Short(sender, MaxTitle)}: {text}" : text);
    }

    private static string Text(MessageDraft draft, Words words) => draft.Type switch
    {
        MessageType.Text => draft.Data,
        MessageType.Image => words.Photo,
        MessageType.Video => words.Video,
        MessageType.Document => words.Document,
        MessageType.Location => words.Location,
        MessageType.Contact => words.Contact,
        // Of HTML nothing is shown: a notification would show its tags.
        _ => words.Message,
    };

    private static string Short(string text, int length)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= length ? line : line[..(char.IsHighSurrogate(line[length - 2]) ? length - 2 : length - 1)] + "…";
    }

    private sealed record Words(string Message, string Photo, string Video, string Document, string Location, string Contact);
}
