using Sentio;
using UnityEngine;

/// <summary>Builds a scene in code when Play is pressed: a simulated person, a lamp that follows them, a director, a line
/// about what adapts and why. Empty any scene and press Play.</summary>
public static class Template
{
    [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.AfterSceneLoad)]
    private static void Build()
    {
        var person = new GameObject("Simulated person").AddComponent<SentioSimulator>();
        var rails = new GameObject("Rails").AddComponent<SentioRails>();
        rails.Feed = person;

        var ball = GameObject.CreatePrimitive(PrimitiveType.Sphere);
        ball.transform.position = new Vector3(0f, 1f, 3f);
        var lamp = new GameObject("Lamp").AddComponent<Light>();
        lamp.type = LightType.Point;
        lamp.range = 12f;
        lamp.transform.position = new Vector3(1.5f, 3f, 1.5f);

        var binding = lamp.gameObject.AddComponent<SentioBinding>();
        binding.Source = person;
        binding.Rails = rails;
        binding.IsLight = true;
        binding.What = "lamp";
        binding.Points = new[] { new Vector2(0f, 0.4f), new Vector2(1f, 4f) };
        binding.OnChanged.AddListener(value => lamp.intensity = value);

        var director = new GameObject("Director").AddComponent<SentioDirector>();
        director.Source = person;
        director.Rails = rails;

        var why = new GameObject("Why").AddComponent<SentioWhy>();
        why.Source = person;
        why.Words = new[]
        {
            new SentioWords { What = "lamp", Words = "The lamp" },
            new SentioWords { What = "demand", Words = "The pace" },
        };
        new GameObject("Overlay").AddComponent<SentioHud>().Feed = person;
    }
}
