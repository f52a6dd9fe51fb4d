using System.Security.Cryptography;

namespace Vox.Chat.Model;

/// <summary>Ids that nobody can guess.</summary>
internal static class RandomIds
{
    /// <summary>The characters of an id: 62 letters and digits, almost 6 bits each.</summary>
    public const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <param name="length">Number of characters. 22 of them hold 130 random bits.</param>
    public static string Create(int length) => RandomNumberGenerator.GetString(Alphabet, length);
}
