using Vox.Chat.Conversations.Messages;

namespace Vox.Chat.Search;

/// <summary>Where a word of the query stands in an excerpt.</summary>
/// <param name="Start">The first character, in UTF-16 units.</param>
/// <param name="Length">How many, in UTF-16 units.</param>
public sealed record SearchMark(int Start, int Length);

/// <summary>A message that was found.</summary>
/// <param name="With">The other member's login id, or the group's id. Absent in the server API.</param>
/// <param name="Excerpt">
/// The part of the text around the first word that was found, at most 240 characters, of HTML without its tags; the name of a file.
/// </param>
/// <param name="Marks">Where the words of the query stand in the excerpt, in order. Never empty.</param>
/// <param name="Message">The whole message, as in a page of history.</param>
public sealed record SearchHit(string? With, string Excerpt, IReadOnlyList<SearchMark> Marks, MessageEvent Message);

/// <summary>How far the index of a project's messages is.</summary>
/// <param name="State"><c>ready</c>, <c>building</c> or <c>off</c>.</param>
/// <param name="Messages">How many messages were looked at while the index was made.</param>
public sealed record SearchIndexView(string State, long Messages);

/// <summary>A page of what was found, newest first.</summary>
/// <param name="Hits">Fewer than asked for, even none, do not mean that there are no more: <paramref name="Next"/> says that.</param>
/// <param name="Next">The cursor of the next page. Absent when everything was looked at.</param>
public sealed record SearchPage(IReadOnlyList<SearchHit> Hits, string? Next);
