using Microsoft.Azure.Functions.Worker;
using Mono.Cecil;
using Mono.Cecil.Rocks;
using Vox.Tests.Docs;

namespace Vox.Tests.Hosting;

/// <summary>
/// The app may use of the worker API only what the official packages have as well: the table worker-api.txt. Otherwise it would compile
/// here, against the stand-in, and not for Azure.
/// </summary>
public sealed class WorkerApiTests
{
    private static readonly HashSet<string> Table = new(StringComparer.Ordinal);
    private static readonly HashSet<string> OnlyForTheStandIn = new(StringComparer.Ordinal);

    static WorkerApiTests()
    {
        var heading = "";
        foreach (var line in Repository.Read("tests", "Vox.UnitTests", "Hosting", "worker-api.txt").Split('\n').Where(l => l.Trim().Length > 0 && l[0] != '#'))
        {
            var text = line.Trim().TrimStart('~').TrimEnd();
            if (line[0] != ' ')
            {
                heading = text;
                if (text.StartsWith("extensions ", StringComparison.Ordinal))
                {
                    heading = $"extension {text["extensions ".Length..]}";
                    continue;
                }
            }
            else
            {
                text = heading.StartsWith("extension ", StringComparison.Ordinal) ? $"{heading}: {text}" : $"{heading}.{text}";
            }

            Table.Add(text);
            if (line.TrimStart()[0] == '~')
            {
                OnlyForTheStandIn.Add(text);
            }
        }
    }

    [Fact]
    public void App_WhatItUsesOfTheWorker_IsInTheTable()
    {
        var used = UsedBy(typeof(Program).Assembly.Location);

        // That the search finds anything at all: a type, an attribute's argument, a method and an extension that every version uses.
        Assert.Contains("Microsoft.Azure.Functions.Worker.FunctionContext", used);
        Assert.Contains("Microsoft.Azure.Functions.Worker.HttpTriggerAttribute.Route set", used);
        Assert.Contains("Microsoft.Azure.Functions.Worker.Builder.FunctionsApplication.CreateBuilder(String[])", used);
        Assert.Contains("extension Microsoft.Azure.Functions.Worker: FunctionContext.GetHttpContext()", used);
        Lists.AssertNone("Used and not in the table", used.Where(line => !Table.Contains(line)));
        Lists.AssertNone("Used and marked ~ in the table", used.Where(OnlyForTheStandIn.Contains));
    }

    [Fact]
    public void StandIn_WhatItOffersInTheWorkersNamespaces_IsInTheTable()
    {
        using var standIn = AssemblyDefinition.ReadAssembly(typeof(FunctionAttribute).Assembly.Location);

        var offered = standIn.MainModule.Types.Where(t => t.IsPublic && !t.Namespace.StartsWith("Vox.", StringComparison.Ordinal))
            .SelectMany(WorkerApi.Lines).ToHashSet(StringComparer.Ordinal);

        Lists.AssertNone("Offered and not in the table", offered.Where(line => !Table.Contains(line)));
        Lists.AssertNone("In the table and not offered", Table.Where(line => !offered.Contains(line)));
    }

    /// <summary>Types, members and attributes' named arguments that an assembly takes from the stand-in.</summary>
    private static HashSet<string> UsedBy(string path)
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(path));
        using var assembly = AssemblyDefinition.ReadAssembly(path, new ReaderParameters { AssemblyResolver = resolver });
        var standIn = typeof(FunctionAttribute).Assembly.GetName().Name;
        var module = assembly.MainModule;
        bool IsForeign(TypeReference type) => type.GetElementType().Scope?.Name == standIn;

        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var type in module.GetTypeReferences().Where(IsForeign).Where(t => t.Resolve() is { } found && !WorkerApi.HoldsOnlyExtensions(found)))
        {
            used.Add(WorkerApi.Line(type));
        }

        foreach (var member in module.GetMemberReferences().Where(m => IsForeign(m.DeclaringType)))
        {
            used.Add(member.Resolve() switch
            {
                MethodDefinition method => WorkerApi.Line(method),
                FieldDefinition field => WorkerApi.Line(field),
                var other => $"{member.FullName} ({other})",
            });
        }

        var attributes = module.GetAllTypes().SelectMany(type =>
            type.CustomAttributes
                .Concat(type.Properties.SelectMany(p => p.CustomAttributes))
                .Concat(type.Methods.SelectMany(m => m.CustomAttributes
                    .Concat(m.Parameters.SelectMany(p => p.CustomAttributes)).Concat(m.MethodReturnType.CustomAttributes))));
        foreach (var attribute in attributes.Where(a => IsForeign(a.AttributeType)))
        {
            used.UnionWith(attribute.Properties.Select(p => $"{WorkerApi.Line(attribute.AttributeType)}.{p.Name} set"));
            used.UnionWith(attribute.Fields.Select(f => $"{WorkerApi.Line(attribute.AttributeType)}.{f.Name}"));
        }

        return used;
    }
}
