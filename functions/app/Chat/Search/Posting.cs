using System.Text;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Search;

/// <summary>One message, as the index knows it.</summary>
/// <param name="Time">When it was sent, Unix ms.</param>
/// <param name="From">A short digest of the sender's login id, see <see cref="DigestOf"/>.</param>
public readonly record struct Posting(long Time, string Conversation, long Sequence, uint From, bool HasFile)
{
    /// <summary>Messages of one time have an order of their own, always the same.</summary>
    internal static IComparer<Posting> NewestFirst { get; } = Comparer<Posting>.Create(static (one, other) =>
        other.Time != one.Time ? other.Time.CompareTo(one.Time)
        : string.CompareOrdinal(one.Conversation, other.Conversation) is not 0 and var order ? order
        : other.Sequence.CompareTo(one.Sequence));

    /// <summary>Names the message, whatever else is known of it.</summary>
    public (string Conversation, long Sequence) Identity => (Conversation, Sequence);

    internal static Posting Of(string conversationId, Message message) => new(
        message.SentAt, conversationId, message.Sequence, DigestOf(message.Draft.From), message.Draft.Type.IsFile());

    /// <summary>Different senders may share one: the message itself has the last word.</summary>
    internal static uint DigestOf(string loginId) =>
        BitConverter.ToUInt32(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(loginId)), 0);
}

/// <summary>Many postings of one word in one column: in bytes, newest first.</summary>
internal static class PostingBlock
{
    /// <summary>A column may have 64 KiB; a page of 200 rows must stay under 4 MB.</summary>
    public const int MaxBytes = 16_000;

    public const int MaxPostings = 400;

    /// <summary>The postings in order, each message once.</summary>
    public static byte[] Write(IReadOnlyList<Posting> postings)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var conversations = postings.Select(posting => posting.Conversation).Distinct(StringComparer.Ordinal).ToList();
        var index = conversations.Select((id, i) => (id, i)).ToDictionary(pair => pair.id, pair => pair.i, StringComparer.Ordinal);
        writer.Write7BitEncodedInt(conversations.Count);
        conversations.ForEach(writer.Write);
        writer.Write7BitEncodedInt(postings.Count);
        var before = 0L;
        foreach (var posting in postings)
        {
            // Times go down, so the differences are small and never negative, but for the first.
            writer.Write7BitEncodedInt64(before == 0 ? posting.Time : before - posting.Time);
            writer.Write7BitEncodedInt(index[posting.Conversation]);
            writer.Write7BitEncodedInt64((posting.Sequence << 1) | (posting.HasFile ? 1L : 0));
            writer.Write(posting.From);
            before = posting.Time;
        }

        writer.Flush();
        return stream.ToArray();
    }

    public static List<Posting> Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var conversations = new string[reader.Read7BitEncodedInt()];
        for (var i = 0; i < conversations.Length; i++)
        {
            conversations[i] = reader.ReadString();
        }

        var postings = new List<Posting>(reader.Read7BitEncodedInt());
        var before = 0L;
        for (var i = postings.Capacity; i > 0; i--)
        {
            var time = reader.Read7BitEncodedInt64();
            time = before == 0 ? time : before - time;
            var conversation = conversations[reader.Read7BitEncodedInt()];
            var sequence = reader.Read7BitEncodedInt64();
            postings.Add(new Posting(time, conversation, sequence >> 1, reader.ReadUInt32(), (sequence & 1) != 0));
            before = time;
        }

        return postings;
    }

    /// <summary>How many bytes the posting may take.</summary>
    public static int SizeOf(Posting posting) => posting.Conversation.Length + 20;
}

/// <summary>A row of a word: the posting of one message, or a block of several.</summary>
/// <param name="Postings">Newest first.</param>
internal sealed record PostingRow(string Key, IReadOnlyList<Posting> Postings, bool IsBlock, RowVersion Version);
