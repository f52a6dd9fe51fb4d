using System.Text;

namespace Vox.Benchmarks.Ejabberd;

/// <summary>
/// Cuts an XML stream into the children of its root, without parsing them. That is possible because XMPP has no comments, CDATA or
/// processing instructions.
/// </summary>
internal sealed class Stanzas
{
    private readonly StringBuilder stanza = new();
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
    private readonly char[] chars = new char[16_384];
    private int depth;
    private bool inTag;
    private bool isClosing;
    private char quote;
    private char last;

    /// <summary>A new root follows.</summary>
    public void Restart()
    {
        stanza.Clear();
        (depth, inTag, quote) = (0, false, '\0');
    }

    public void Add(ReadOnlySpan<byte> bytes, Queue<string> complete)
    {
        var count = decoder.GetChars(bytes, chars, flush: false);
        foreach (var c in chars.AsSpan(0, count))
        {
            stanza.Append(c);
            if (quote != 0)
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (inTag && c is '"' or '\'' && inTag)
            {
                quote = c;
            }
            else if (c == '<')
            {
                (inTag, isClosing) = (true, false);
            }
            else if (inTag && c == '/' && last == '<')
            {
                isClosing = true;
            }
            else if (inTag && c == '>')
            {
                inTag = false;
                End(complete);
            }

            last = c;
        }
    }

    private void End(Queue<string> complete)
    {
        // <?xml …?> and the root itself are not stanzas.
        if (last == '?')
        {
            stanza.Clear();
            return;
        }

        depth += isClosing ? -1 : last == '/' ? 0 : 1;
        if (depth == 1)
        {
            var text = stanza.ToString();
            stanza.Clear();
            if (!text.StartsWith("<stream:stream", StringComparison.Ordinal))
            {
                complete.Enqueue(text);
            }
        }
    }
}
