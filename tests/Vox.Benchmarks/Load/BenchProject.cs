using System.Net.Http.Json;
using System.Text.Json;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Load;

/// <summary>A project, and what its owner does.</summary>
internal sealed record BenchProject(VoxStack Stack, string Id, string Token)
{
    private const int Parallel = 16;

    /// <summary>Users <c>name0</c>, <c>name1</c>, …, over REST.</summary>
    public async Task<Person[]> CreatePeopleAsync(string name, int count, bool logIn = true)
    {
        var people = new Person[count];
        await System.Threading.Tasks.Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Parallel }, async (i, _) =>
        {
            // Each user stays with one app process.
            var app = Stack.Apps[i % Stack.Apps.Count];
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["projectid"] = Id,
                ["authtoken"] = Token,
                ["username"] = $"{name}{i}",
                ["password"] = Person.Password,
            });
            (await app.Http.PostAsync("/api/user", form)).EnsureSuccessStatusCode();
            people[i] = new Person(this, app, $"{name}{i}");
            if (logIn)
            {
                await people[i].LogInAsync();
            }
        });
        return people;
    }

    public async Task<int> LogPageAsync(int offset, int size, string query = "")
    {
        var page = await Stack.App.Http.GetFromJsonAsync<JsonElement>(
            $"/api/getchathistory?projectid={Id}&authtoken={Token}&offset={offset}&size={size}&{query}");
        return page.GetProperty("data").GetProperty("message").GetArrayLength();
    }
}
