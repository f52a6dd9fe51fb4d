using System.Text.Json.Nodes;
using Vox.Platform.OpenApi;

namespace Vox.Tests.OpenApi;

public sealed class FieldMeaningTests
{
    /// <summary>What is missing gets a <c>param</c> comment at its contract, or a line in field-meanings.txt.</summary>
    [Fact]
    public void EveryFieldAndParameter_OfTheDocument_SaysWhatItMeans()
    {
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        Look(OpenApiDocument.Build(), "");
        Lists.AssertNone("No description", missing);

        void Look(JsonNode? node, string place)
        {
            switch (node)
            {
                case JsonObject thing:
                    if (thing["in"] is JsonValue && thing["name"] is JsonValue name && thing["description"] is null
                        && thing["schema"] is not null && name.GetValue<string>() is var parameter
                        && !place.Contains("securitySchemes", StringComparison.Ordinal))
                    {
                        missing.Add(parameter);
                    }

                    foreach (var (key, child) in thing)
                    {
                        if (key == "properties" && child is JsonObject properties && thing["type"] is not null)
                        {
                            missing.UnionWith(properties.Where(p => p.Value?["description"] is null).Select(p => $"{p.Key} ({place})"));
                        }

                        Look(child, key is "properties" or "schema" or "items" ? place : key);
                    }

                    break;
                case JsonArray list:
                    foreach (var item in list)
                    {
                        Look(item, place);
                    }

                    break;
            }
        }
    }

    [Fact]
    public void Meaning_OfAFieldWithAComment_IsTheComment()
    {
        Assert.Equal("From then on it is void.", FieldMeanings.Of(typeof(Vox.Chat.Projects.EarlierToken), "until"));
        Assert.Equal("The password.", FieldMeanings.Of("password"));
        Assert.Null(FieldMeanings.Of("nothing is called like this"));
    }
}
