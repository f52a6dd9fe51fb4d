using Vox.Tests.Fixture;

namespace Vox.Tests.Changes;

public sealed class ReactionTests(Backends backends)
{
    [Fact]
    public async Task React_WithEmojis_CountsAndNamesAreInHistory()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var message = await alice.SayAsync("bob", "Lunch?");
        await using var live = await alice.ConnectAsync();

        await bob.ReactAsync(message, "👍").JsonAsync();
        await alice.ReactAsync(message, "👍").JsonAsync();
        await bob.ReactAsync(message, "🍕").JsonAsync();

        Assert.Equal("👍2:bob,alice* 🍕1:bob*", ChangeWorld.Reactions(await bob.SeeAsync(message)));
        Assert.Equal("👍2:bob,alice* 🍕1:bob", ChangeWorld.Reactions(await alice.SeeAsync(message)));
        var told = await live.NextAsync("change");
        Assert.Equal(("reaction", "👍", "bob"), (told.Text("kind"), told.Text("emoji"), told.Text("by")));
        Assert.Equal("👍1:bob", ChangeWorld.Reactions(told.GetProperty("message")));

        await bob.UnreactAsync(message, "👍").JsonAsync();
        Assert.Equal("👍1:alice 🍕1:bob*", ChangeWorld.Reactions(await bob.SeeAsync(message)));
        await alice.UnreactAsync(message, "👍").JsonAsync();
        Assert.Equal("🍕1:bob*", ChangeWorld.Reactions(await bob.SeeAsync(message)));
        Assert.True((await alice.UnreactAsync(message, "👍").JsonAsync()).GetProperty("duplicate").GetBoolean());
        Assert.True((await bob.ReactAsync(message, "🍕").JsonAsync()).GetProperty("duplicate").GetBoolean());
        Assert.Equal(5, (await alice.SeeAsync(message)).Number("change"));
    }

    [Theory]
    [InlineData("❤", "❤️")]
    [InlineData("❤️", "❤️")]
    [InlineData("👍🏽", "👍🏽")]
    [InlineData("👩‍❤️‍💋‍👨", "👩‍❤️‍💋‍👨")]
    [InlineData("👩‍❤‍💋‍👨", "👩‍❤️‍💋‍👨")]
    [InlineData("🏳️‍🌈", "🏳‍🌈")]
    [InlineData("🇩🇪", "🇩🇪")]
    [InlineData("1️⃣", "1️⃣")]
    [InlineData("🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿")]
    [InlineData("⭐", "⭐")]
    public async Task React_WithAnyEmoji_HasOneForm(string emoji, string form)
    {
        var (_, alice, _) = await ChangeWorld.CreateAsync(backends.App);
        var message = await alice.SayAsync("bob", "text");

        var answer = await alice.ReactAsync(message, emoji).JsonAsync();

        Assert.Equal(form, answer.GetProperty("message").GetProperty("reactions")[0].Text("emoji"));
        Assert.True((await alice.ReactAsync(message, form).JsonAsync()).GetProperty("duplicate").GetBoolean());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("1")]
    [InlineData(" ")]
    [InlineData("👍👍")]
    [InlineData("👍 ")]
    [InlineData("👍a")]
    [InlineData("🇩")]
    [InlineData("é")]
    [InlineData("\u200d")]
    [InlineData("\ufe0f")]
    [InlineData("hello")]
    public async Task React_WithWhatIsNoEmoji_IsRefused(string emoji)
    {
        var (_, alice, _) = await ChangeWorld.CreateAsync(backends.App);
        var message = await alice.SayAsync("bob", "text");

        await alice.ReactAsync(message, emoji).ProblemAsync("invalid_emoji", "emoji");
    }

    [Fact]
    public async Task React_WithBrokenInput_IsRefused()
    {
        var (_, alice, _) = await ChangeWorld.CreateAsync(backends.App);
        var message = await alice.SayAsync("bob", "text");

        await alice.ReactAsync(message, string.Concat(Enumerable.Repeat("👍", 100))).ProblemAsync("invalid_emoji", "emoji");
        await alice.ReactAsync(message, "👩" + string.Concat(Enumerable.Repeat("\u200d👩", 100))).ProblemAsync("invalid_emoji", "emoji");
        await alice.ReactAsync(message, "").ProblemAsync("missing_field", "emoji");
        await alice.SendAsync(new HttpRequestMessage(HttpMethod.Put, message + "/reactions")
        {
            Content = RestCall.Raw("{\"emoji\":\"\\ud83d\"}"),
        }).ProblemAsync("invalid_json");
        await alice.UnreactAsync(message, "\ud83d").ProblemAsync("invalid_emoji", "emoji");
        await alice.ReactAsync(message[..^1] + "2", "👍").ProblemAsync("message_not_found", "sequence");
    }

    [Fact]
    public async Task React_WithTwentyOneKinds_IsRefusedAtTheLast()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var message = await alice.SayAsync("bob", "text");
        for (var n = 0; n < 20; n++)
        {
            await alice.ReactAsync(message, char.ConvertFromUtf32(0x1F600 + n)).JsonAsync();
        }

        await bob.ReactAsync(message, "👍").ProblemAsync("too_many_reactions", "emoji");
        await bob.ReactAsync(message, char.ConvertFromUtf32(0x1F600)).JsonAsync();
        Assert.Equal(20, (await bob.SeeAsync(message)).GetProperty("reactions").GetArrayLength());
    }

    [Fact]
    public async Task React_ManyAtOnceInAGroup_AreAllCounted()
    {
        var project = await backends.App.CreateProjectAsync();
        var users = new List<TestSession>();
        for (var n = 0; n < 8; n++)
        {
            users.Add(await (await project.CreateUserAsync($"u{n}")).LogInAsync());
        }

        var group = (await users[0].PostJsonAsync(
            "/api/v1/groups", new { name = "g", members = users.Skip(1).Select(u => u.LoginId) })).Text("id")!;
        var message = await users[0].SayAsync(group, "text");

        await Task.WhenAll(users.Select(user => user.ReactAsync(message, "👍").JsonAsync()));

        foreach (var user in users)
        {
            var reaction = (await user.SeeAsync(message)).GetProperty("reactions")[0];
            Assert.Equal(8, reaction.Number("count"));
            Assert.Equal(5, reaction.GetProperty("users").GetArrayLength());
            Assert.True(reaction.GetProperty("mine").GetBoolean());
        }

        var first = await users[1].GetJsonAsync(message + "/reactions?size=5");
        var second = await users[1].GetJsonAsync($"{message}/reactions?size=5&cursor={first.Text("cursor")}");
        Assert.Equal(
            users.Select(user => user.LoginId),
            first.GetProperty("users").EnumerateArray().Concat(second.GetProperty("users").EnumerateArray())
                .Select(user => user.Text("user")!).Order(StringComparer.Ordinal));
        Assert.Null(second.Text("cursor"));

        // A name that was shown goes, and another takes its place.
        var shown = (await users[1].SeeAsync(message)).GetProperty("reactions")[0].GetProperty("users")[0].GetString();
        await users.Single(user => user.LoginId == shown).UnreactAsync(message, "👍").JsonAsync();
        var after = (await users[1].SeeAsync(message)).GetProperty("reactions")[0];
        Assert.Equal((7, 5), (after.Number("count"), after.GetProperty("users").GetArrayLength()));
        Assert.DoesNotContain(shown, after.GetProperty("users").EnumerateArray().Select(user => user.GetString()));
    }
}
