using System.Net.Http.Json;
using System.Text.Json;
using Vox.Chat.People;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>Nobody makes other people's browsers load something from elsewhere, which would tell the sender where they are.</summary>
public sealed class ForeignAddressTests(Backends backends)
{
    [Theory]
    [InlineData("https://example.com/spy.png")]
    [InlineData("//example.com/spy.png")]
    [InlineData("../../../portal/")]
    [InlineData("..%2f..%2fportal")]
    public async Task Address_AtAnyDoor_IsRefused(string address)
    {
        var project = await backends.App.CreateProjectAsync();
        var user = await project.CreateUserAsync("alice");
        var alice = await user.LogInAsync();
        await project.CreateUserAsync("bob");
        var group = (await alice.PostJsonAsync("/api/v1/groups", new { name = "Friends", members = new[] { "bob" } }))
            .GetProperty("id").GetString();

        foreach (var type in new[] { 4, 5, 7 })
        {
            await alice.PostAsync("/api/v1/messages", new { to = "bob", data = address, type }).ProblemAsync("invalid_field", "data");
            await alice.PostAsync("/api/v1/messages", new { to = group, data = "key.png", type, thumbnail = address })
                .ProblemAsync("invalid_field", "thumbnail");
        }

        await alice.SendAsync(
            new HttpRequestMessage(HttpMethod.Put, "/api/v1/profile") { Content = JsonContent.Create(new { photo = address }) })
            .ProblemAsync("invalid_field", "photo");
        await alice.PostAsync("/api/v1/groups", new { name = "Friends", photo = address }).ProblemAsync("invalid_field", "photo");
        await alice.SendAsync(new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/groups/{group}")
        {
            Content = JsonContent.Create(new { photo = address }),
        }).ProblemAsync("invalid_field", "photo");

        using var chat = await project.App.Http.PostAsJsonAsync("/sendchat", new Dictionary<string, string?>
        {
            ["projectid"] = project.Id,
            ["user"] = "alice",
            ["pass"] = user.Password,
            ["recipient"] = "bob",
            ["message"] = address,
            ["msgType"] = "4",
            ["ct"] = "image/png",
        });
        Assert.False(chat.IsSuccessStatusCode);
        Assert.Empty((await alice.GetJsonAsync("/api/v1/messages?with=bob")).GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task Photo_StoredBeforeKeysWereChecked_IsNotPassedOn()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        await project.App.Get<PersonStore>().SaveAsync(
            alice.Identity, new Profile("Alice", "", "https://example.com/spy.png"), CancellationToken.None);

        var people = await alice.PostJsonAsync("/api/v1/users/lookup", new { ids = new[] { "alice" } });

        Assert.Equal("", people.GetProperty("users")[0].GetProperty("photo").GetString());
        Assert.Equal("", (await alice.GetJsonAsync("/api/v1/profile")).GetProperty("photo").GetString());
    }
}
