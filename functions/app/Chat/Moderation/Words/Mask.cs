using System.Text;

namespace Vox.Chat.Moderation.Words;

/// <summary>Puts asterisks in place of words: one for each character that people see. Tags of HTML between them stay.</summary>
internal sealed class Mask(string text, FoldedText folded)
{
    private const byte Star = 1;
    private const byte Gone = 2;

    private readonly byte[] marks = new byte[text.Length];

    /// <summary>Where words begin (1) and are over (-1): words may lie within each other.</summary>
    private readonly int[] edges = new int[text.Length + 1];

    public void Add(WordMatch match)
    {
        for (var i = match.Start; i < match.End; i++)
        {
            var character = folded.Characters[i];
            if (character.Value != ' ')
            {
                marks.AsSpan(character.Start, character.End - character.Start).Fill(Gone);
                marks[character.Start] = Star;
            }
        }

        edges[folded.Characters[match.Start].Start]++;
        edges[folded.Characters[match.End - 1].End]--;
    }

    /// <returns>The masked text.</returns>
    public string Apply()
    {
        var ignored = new bool[text.Length];
        foreach (var (start, end) in folded.Ignored)
        {
            ignored.AsSpan(start, end - start).Fill(true);
        }

        var masked = new StringBuilder(text.Length);
        var within = 0;
        for (var i = 0; i < text.Length; i++)
        {
            within += edges[i];
            if (marks[i] == Star)
            {
                masked.Append('*');
            }
            else if (marks[i] != Gone && !(within > 0 && ignored[i]))
            {
                masked.Append(text[i]);
            }
        }

        return masked.ToString();
    }
}
