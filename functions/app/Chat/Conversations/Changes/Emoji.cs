using System.Globalization;
using System.Text;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Changes;

/// <summary>
/// Checks that a text is one emoji, and brings it into the one form under which equal emojis are equal texts. Keyboards send the heart with
/// or without U+FE0F, the character that asks for the coloured form: both are the same reaction.
/// </summary>
internal static class Emoji
{
    /// <summary>In UTF-16 characters. The longest families and flags have about 35.</summary>
    private const int MaxLength = 64;

    private const int Joiner = 0x200D;
    private const int Colour = 0xFE0F;
    private const int Keycap = 0x20E3;

    /// <summary>
    /// Pictures, as Unicode 15.1 has them (Extended_Pictographic). Also those that are not assigned yet: people have newer keyboards.
    /// </summary>
    private static readonly (int First, int Last)[] Pictures =
    [
        (0xA9, 0xA9), (0xAE, 0xAE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139), (0x2194, 0x2199),
        (0x21A9, 0x21AA), (0x231A, 0x231B), (0x2328, 0x2328), (0x23CF, 0x23CF), (0x23E9, 0x23F3), (0x23F8, 0x23FA), (0x24C2, 0x24C2),
        (0x25AA, 0x25AB), (0x25B6, 0x25B6), (0x25C0, 0x25C0), (0x25FB, 0x25FE), (0x2600, 0x2604), (0x260E, 0x260E), (0x2611, 0x2611),
        (0x2614, 0x2615), (0x2618, 0x2618), (0x261D, 0x261D), (0x2620, 0x2620), (0x2622, 0x2623), (0x2626, 0x2626), (0x262A, 0x262A),
        (0x262E, 0x262F), (0x2638, 0x263A), (0x2640, 0x2640), (0x2642, 0x2642), (0x2648, 0x2653), (0x265F, 0x2660), (0x2663, 0x2663),
        (0x2665, 0x2666), (0x2668, 0x2668), (0x267B, 0x267B), (0x267E, 0x267F), (0x2692, 0x2697), (0x2699, 0x2699), (0x269B, 0x269C),
        (0x26A0, 0x26A1), (0x26A7, 0x26A7), (0x26AA, 0x26AB), (0x26B0, 0x26B1), (0x26BD, 0x26BE), (0x26C4, 0x26C5), (0x26C8, 0x26C8),
        (0x26CE, 0x26CF), (0x26D1, 0x26D1), (0x26D3, 0x26D4), (0x26E9, 0x26EA), (0x26F0, 0x26F5), (0x26F7, 0x26FA), (0x26FD, 0x26FD),
        (0x2702, 0x2702), (0x2705, 0x2705), (0x2708, 0x270D), (0x270F, 0x270F), (0x2712, 0x2712), (0x2714, 0x2714), (0x2716, 0x2716),
        (0x271D, 0x271D), (0x2721, 0x2721), (0x2728, 0x2728), (0x2733, 0x2734), (0x2744, 0x2744), (0x2747, 0x2747), (0x274C, 0x274C),
        (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757), (0x2763, 0x2764), (0x2795, 0x2797), (0x27A1, 0x27A1), (0x27B0, 0x27B0),
        (0x27BF, 0x27BF), (0x2934, 0x2935), (0x2B05, 0x2B07), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x3030, 0x3030),
        (0x303D, 0x303D), (0x3297, 0x3297), (0x3299, 0x3299), (0x1F000, 0x1F0FF), (0x1F170, 0x1F171), (0x1F17E, 0x1F17F),
        (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F201, 0x1F202), (0x1F21A, 0x1F21A), (0x1F22F, 0x1F22F), (0x1F232, 0x1F23A),
        (0x1F250, 0x1F251), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F7E0, 0x1F7FF), (0x1F90C, 0x1F9FF), (0x1FA70, 0x1FAFF),
    ];

    /// <summary>Old pictures that are coloured without being asked to. All other old ones get U+FE0F.</summary>
    private static readonly (int First, int Last)[] Coloured =
    [
        (0x231A, 0x231B), (0x23E9, 0x23EC), (0x23F0, 0x23F0), (0x23F3, 0x23F3), (0x25FD, 0x25FE), (0x2614, 0x2615), (0x2648, 0x2653),
        (0x267F, 0x267F), (0x2693, 0x2693), (0x26A1, 0x26A1), (0x26AA, 0x26AB), (0x26BD, 0x26BE), (0x26C4, 0x26C5), (0x26CE, 0x26CE),
        (0x26D4, 0x26D4), (0x26EA, 0x26EA), (0x26F2, 0x26F3), (0x26F5, 0x26F5), (0x26FA, 0x26FA), (0x26FD, 0x26FD), (0x2705, 0x2705),
        (0x270A, 0x270B), (0x2728, 0x2728), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757), (0x2795, 0x2797),
        (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55),
    ];

    /// <exception cref="VoxException">missing_field, invalid_emoji</exception>
    public static string Check(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw new VoxException(Errors.MissingField, "emoji is missing or empty.", "emoji");
        }

        if (text.Length > MaxLength || StringInfo.GetNextTextElementLength(text) != text.Length || Canonical(text) is not { } emoji)
        {
            throw new VoxException(Errors.InvalidEmoji, "emoji must be exactly one emoji, such as a thumb or a flag.", "emoji");
        }

        return emoji;
    }

    /// <returns>Null when it is not one emoji.</returns>
    private static string? Canonical(string text)
    {
        var runes = new List<int>();
        foreach (var rune in text.EnumerateRunes())
        {
            // Half of a surrogate pair becomes U+FFFD here, which is no picture.
            if (rune.Value is not (Colour or 0xFE0E))
            {
                runes.Add(rune.Value);
            }
        }

        return IsFlag(runes) || IsKeycap(runes) || IsPictures(runes) ? Coloring(runes) : null;
    }

    private static bool IsFlag(List<int> runes) => runes is [var one, var two] && IsLetter(one) && IsLetter(two);

    private static bool IsKeycap(List<int> runes) => runes is [(>= '0' and <= '9') or '#' or '*', Keycap];

    /// <summary>Pictures, each with a skin colour or not, joined to one; or a flag of a region, which ends in tags.</summary>
    private static bool IsPictures(List<int> runes)
    {
        for (var i = 0; i < runes.Count; i++)
        {
            if (!Is(Pictures, runes[i]))
            {
                return false;
            }

            if (i + 1 < runes.Count && IsSkin(runes[i + 1]))
            {
                i++;
            }

            while (i + 1 < runes.Count && runes[i + 1] is >= 0xE0020 and <= 0xE007F)
            {
                i++;
            }

            if (i == runes.Count - 1)
            {
                return true;
            }

            if (runes[++i] != Joiner)
            {
                return false;
            }
        }

        return false;
    }

    private static string Coloring(List<int> runes)
    {
        var emoji = new StringBuilder();
        for (var i = 0; i < runes.Count; i++)
        {
            emoji.Append(char.ConvertFromUtf32(runes[i]));
            var hasSkin = i + 1 < runes.Count && IsSkin(runes[i + 1]);
            var isOld = runes[i] < 0x1F000 && runes[i] is not (Joiner or Keycap) && !Is(Coloured, runes[i]);
            if (isOld && !hasSkin)
            {
                emoji.Append((char)Colour);
            }
        }

        return emoji.ToString();
    }

    private static bool IsLetter(int rune) => rune is >= 0x1F1E6 and <= 0x1F1FF;

    private static bool IsSkin(int rune) => rune is >= 0x1F3FB and <= 0x1F3FF;

    private static bool Is((int First, int Last)[] ranges, int rune) =>
        Array.Exists(ranges, range => rune >= range.First && rune <= range.Last);
}
