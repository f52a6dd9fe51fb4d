using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Vox.Chat.Model;
using Vox.Platform.Security;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>
/// The head of a conversation as a text that travels with its clients. With it, a process that was not the last to write commits
/// without reading first. It only saves a request: the storage compares the version, so an old tip costs a failed attempt, and nobody is
/// refused because of one. It is signed, because the version is no secret: a made-up sequence with the right version would lose messages.
/// </summary>
public sealed class ConversationTips(SigningKeys keys)
{
    /// <summary>
    /// Longest tip that is accepted, in characters. Ours have 70, or more where the storage's versions are not times; in a group about 100,
    /// and more with a long name.
    /// </summary>
    public const int MaxLength = 200;

    /// <summary>
    /// The first byte. It also tells which of the two members is the first in the head: that depends on who wrote first. Formats 0x10 to
    /// 0x12 had no epoch, and up to 0x15 no number of changes: such tips are ignored.
    /// </summary>
    private const byte Format = 0x16;
    private const byte FormatSmallerFirst = 0x17;
    private const byte FormatGroup = 0x18;
    private const int MacLength = 16;
    private const int WriterLength = 8;

    /// <summary>So that nothing else that is signed with these keys passes for a tip, nor a tip for it.</summary>
    private const string Purpose = "vox-conversation-tip";

    /// <returns>
    /// Null when a send needs more than a tip holds: closed, blocked, not begun, a group (see <see cref="CreateForGroup"/>), or an
    /// automatic answer has left messages unseen.
    /// Null as well while this process has not loaded the signing keys: a tip is not worth a request.
    /// </returns>
    public string? Create(ConversationKey key, ConversationHead head)
    {
        if (keys.KnownCurrent is not { } signer || head is not { Closed: false, Group: null, LastSequence: > 0, Version: { } version }
            || head.Members.Any(static member => member.Blocks || member.HasUnseen))
        {
            return null;
        }

        var bytes = new List<byte>(64) { IsSmallerFirst(head.Members) ? FormatSmallerFirst : Format };
        Number(bytes, head.LastSequence);
        Number(bytes, head.LastChange);
        Number(bytes, head.LastTime);
        Number(bytes, head.Epoch);
        bytes.AddRange(version.ToBytes());
        bytes.AddRange(Mac(signer, key, [.. bytes]));
        return Base64Url.EncodeToString([.. bytes]) + '.' + signer.KeyId;
    }

    /// <summary>
    /// The head of a group. Messages carry the group's name, so it is in the tip. So is one member who may write while the head is this
    /// one: it saves a process that does not know them a look at their row. Every change of the membership changes the head, and with it
    /// the version, so this cannot outlive the membership.
    /// </summary>
    /// <param name="writer">The uid of somebody who was found to be a member who may write, in this head or after it was read.</param>
    /// <returns>Null as for <see cref="Create"/>, and when the name is too long for a tip.</returns>
    public string? CreateForGroup(ConversationKey key, ConversationHead head, string writer)
    {
        if (keys.KnownCurrent is not { } signer || head is not { Closed: false, Group: { } group, LastSequence: > 0, Version: { } version })
        {
            return null;
        }

        var name = Encoding.UTF8.GetBytes(group.Name);
        var bytes = new List<byte>(128) { FormatGroup };
        Number(bytes, head.LastSequence);
        Number(bytes, head.LastChange);
        Number(bytes, head.LastTime);
        Number(bytes, head.Epoch);
        Number(bytes, group.Version);
        Number(bytes, group.LastJoin + 1 ?? 0);
        bytes.AddRange(DigestOf(writer));
        Number(bytes, name.Length);
        bytes.AddRange(name);
        bytes.AddRange(version.ToBytes());
        bytes.AddRange(Mac(signer, key, [.. bytes]));
        var tip = Base64Url.EncodeToString([.. bytes]) + '.' + signer.KeyId;
        return tip.Length <= MaxLength ? tip : null;
    }

    /// <summary>
    /// The head of a group that a client brings, with only what a commit needs, and whether the sender is known to be a member.
    /// </summary>
    /// <returns>Null unless it is a tip of this very group, signed with a key that this process knows.</returns>
    public (ConversationHead Head, bool KnowsSender)? ReadForGroup(ConversationKey key, string senderUid, string? tip)
    {
        if (Verified(key, tip) is not [FormatGroup, .. var bytes])
        {
            return null;
        }

        ReadOnlySpan<byte> rest = bytes;
        if (!TryNumber(ref rest, out var sequence) || !TryNumber(ref rest, out var change) || !TryNumber(ref rest, out var time)
            || !TryNumber(ref rest, out var epoch)
            || !TryNumber(ref rest, out var groupVersion) || !TryNumber(ref rest, out var join) || rest.Length < WriterLength)
        {
            return null;
        }

        var knowsSender = rest[..WriterLength].SequenceEqual(DigestOf(senderUid));
        rest = rest[WriterLength..];
        if (!TryNumber(ref rest, out var length) || length > rest.Length || !RowVersion.TryRead(rest[(int)length..], out var version))
        {
            return null;
        }

        var group = new GroupInfo(Encoding.UTF8.GetString(rest[..(int)length]), "", "", "", "", groupVersion, 0, 0)
        {
            LastJoin = join > 0 ? join - 1 : null,
        };
        var head = new ConversationHead([], sequence, time, Closed: false, version, group)
        {
            Epochs = EpochOnly(epoch),
            LastChange = change,
            Pins = null,
        };
        return (head, knowsSender);
    }

    /// <summary>The head that a client brings. It has only what a commit needs.</summary>
    /// <param name="members">The conversation's members in any order.</param>
    /// <returns>Null unless it is a tip of this very conversation, signed with a key that this process knows.</returns>
    public ConversationHead? Read(ConversationKey key, IReadOnlyList<Member> members, string? tip)
    {
        if (Verified(key, tip) is not { } signed || signed[0] is not (Format or FormatSmallerFirst))
        {
            return null;
        }

        ReadOnlySpan<byte> rest = signed.AsSpan(1);
        if (!TryNumber(ref rest, out var sequence) || !TryNumber(ref rest, out var change) || !TryNumber(ref rest, out var time)
            || !TryNumber(ref rest, out var epoch)
            || !RowVersion.TryRead(rest, out var version))
        {
            return null;
        }

        var ordered = IsSmallerFirst(members) == (signed[0] == FormatSmallerFirst) ? members : [.. members.Reverse()];
        return new ConversationHead(ordered, sequence, time, Closed: false, version)
        {
            Epochs = EpochOnly(epoch),
            LastChange = change,
            Pins = null,
        };
    }

    /// <summary>Which epoch it is. Where each began is not in a tip: a commit does not write it.</summary>
    private static IReadOnlyList<ConversationEpoch> EpochOnly(long epoch) => epoch > 0 ? [new(epoch, 0)] : [];

    /// <returns>What was signed; null unless it was, for this conversation, with a key that this process knows.</returns>
    private byte[]? Verified(ConversationKey key, string? tip)
    {
        if (tip is not { Length: > 0 and <= MaxLength } || tip.LastIndexOf('.') is not (> 0 and var dot)
            || keys.FindKnown(tip[(dot + 1)..]) is not { } signer || !TryDecode(tip.AsSpan(0, dot), out var bytes)
            || bytes.Length <= MacLength)
        {
            return null;
        }

        var signed = bytes[..^MacLength];
        return CryptographicOperations.FixedTimeEquals(Mac(signer, key, signed), bytes.AsSpan(signed.Length)) ? signed : null;
    }

    private static byte[] DigestOf(string uid) => SHA256.HashData(Encoding.UTF8.GetBytes(uid))[..WriterLength];

    private static bool IsSmallerFirst(IReadOnlyList<Member> members) =>
        members.Count < 2 || string.CompareOrdinal(members[0].Uid, members[1].Uid) < 0;

    private static byte[] Mac(SymmetricSecurityKey signer, ConversationKey key, ReadOnlySpan<byte> content) =>
        HMACSHA256.HashData(signer.Key, (byte[])[.. Encoding.UTF8.GetBytes($"{Purpose}\n{key.Partition}\n"), .. content])[..MacLength];

    private static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
        return bytes is not null;
    }

    private static void Number(List<byte> bytes, long value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> bytes, out long value)
    {
        value = 0;
        for (var i = 0; i < Math.Min(bytes.Length, 9); i++)
        {
            value |= (long)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
