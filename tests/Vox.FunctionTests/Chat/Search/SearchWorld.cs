using System.Text.Json;
using Vox.Tests.Fixture;
using Vox.Tests.Groups;

namespace Vox.Tests.Search;

/// <summary>A project with search, and users.</summary>
internal static class SearchWorld
{
    public static async Task<GroupWorld> CreateAsync(Backends backends, VoxApp app, params string[] loginIds)
    {
        var world = await GroupWorld.CreateAsync(backends, app, loginIds);
        await world.Project.SwitchOnAsync();
        return world;
    }

    /// <inheritdoc cref="SearchClient.Texts"/>
    public static IEnumerable<string> Texts(JsonElement page) => SearchClient.Texts(page);
}
