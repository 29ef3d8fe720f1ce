using System.Text.Json;
using Microsoft.AspNetCore.SignalR;

/// <summary>The same methods, one for one, as in nodes-hub.ts. They send as an application does from outside of a hub.</summary>
public class NodesHub(IHubContext<NodesHub> hub) : Hub
{
    public object? Echo(object? value) => Plain(value);

    public Task All(object? value) => Send(hub.Clients.All, value);

    public Task AllWith(object?[] values) => hub.Clients.All.SendCoreAsync("Message", values.Select(Plain).ToArray());

    public Task AllExcept(string[] ids, object? value) => Send(hub.Clients.AllExcept(ids), value);

    public Task Others(object? value) => Send(Clients.Others, value);

    public Task Group(string group, object? value) => Send(hub.Clients.Group(group), value);

    public Task GroupExcept(string group, string[] ids, object? value) => Send(hub.Clients.GroupExcept(group, ids), value);

    public Task OthersInGroup(string group, object? value) => Send(Clients.OthersInGroup(group), value);

    public Task ToGroups(string[] groups, object? value) => Send(hub.Clients.Groups(groups), value);

    public Task User(string user, object? value) => Send(hub.Clients.User(user), value);

    public Task Users(string[] users, object? value) => Send(hub.Clients.Users(users), value);

    public Task Connection(string id, object? value) => Send(hub.Clients.Client(id), value);

    public Task Connections(string[] ids, object? value) => Send(hub.Clients.Clients(ids), value);

    public Task Add(string id, string group) => hub.Groups.AddToGroupAsync(id, group);

    public Task Remove(string id, string group) => hub.Groups.RemoveFromGroupAsync(id, group);

    public Task<object?> Ask(string id, string question) => Answer(id, question, CancellationToken.None);

    public async Task<object?> AskPatiently(string id, string question, int patience)
    {
        using var source = new CancellationTokenSource(patience);
        return await Answer(id, question, source.Token);
    }

    async Task<object?> Answer(string id, string question, CancellationToken cancellation)
    {
        try
        {
            return Plain(await hub.Clients.Client(id).InvokeCoreAsync<object?>("Ask", [question], cancellation));
        }
        catch (Exception error)
        {
            return $"error: {error.Message}";
        }
    }

    static Task Send(IClientProxy clients, object? value) => clients.SendCoreAsync("Message", [Plain(value)]);

    /// <summary>What came as JSON, in types that MessagePack can write too.</summary>
    static object? Plain(object? value) => value is JsonElement element ? Plain(element) : value;

    static object? Plain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(property => property.Name, property => Plain(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().Select(Plain).ToArray(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var whole) ? whole : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
