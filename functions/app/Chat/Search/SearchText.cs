using System.Net;
using System.Text;
using Vox.Chat.Model;

namespace Vox.Chat.Search;

/// <summary>What can be searched of a message: the text, the text of HTML without its tags, the name of a file.</summary>
internal static class SearchText
{
    /// <summary>Empty for a message in which there is nothing to search: a location, a contact, one that is gone.</summary>
    public static string Of(Message message)
    {
        if (message.IsGone)
        {
            return "";
        }

        var data = message.Draft.Data;
        return message.Draft.Type switch
        {
            MessageType.Text => data,
            MessageType.Html => WithoutTags(data),
            var type when type.IsFile() && FileKey.FileOf(data) is var key && FileKey.IsValid(key) => FileKey.NameOf(key),
            _ => "",
        };
    }

    private static string WithoutTags(string html)
    {
        var text = new StringBuilder(html.Length);
        for (var i = 0; i < html.Length; i++)
        {
            if (html[i] == '<' && i + 1 < html.Length && (char.IsAsciiLetter(html[i + 1]) || html[i + 1] is '/' or '!'))
            {
                var end = html.IndexOf('>', i);
                text.Append(' ');
                i = end < 0 ? html.Length : end;
            }
            else
            {
                text.Append(html[i]);
            }
        }

        return WebUtility.HtmlDecode(text.ToString());
    }
}
