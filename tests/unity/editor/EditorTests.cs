using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Sentio.EditorTools;
using UnityEditor;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Logic of the editor tools; their appearance is checked by hand (Documentation~/checklist.md).</summary>
    [TestFixture]
    public class EditorTests
    {
        private Rig _rig;

        [SetUp]
        public void Begin()
        {
            Stage.Reset();
            _rig = new Rig();
        }

        [TearDown]
        public void End() { Stage.Reset(); }

        [Test]
        public void MessageRatesAreCountedOverWholeSeconds()
        {
            var traffic = new Traffic();
            for (int i = 0; i < 600; i++) traffic.Add(100 + i / 60.0);
            Assert.AreEqual(60, traffic.Rate(110.01), 0.5);
            Assert.AreEqual(600, traffic.Total);
            Assert.AreEqual(24, traffic.Rate(113.5), 0.5, "two of the last five seconds had some");
            Assert.AreEqual(0, traffic.Rate(130));
        }

        [Test]
        public void ACourseKeepsHalfAMinuteAndItsGaps()
        {
            var course = new Course();
            Assert.IsTrue(float.IsNaN(course.Ago(0)));
            for (int i = 0; i <= 600; i++) course.Note(0.01 + i * 0.05, i);
            Assert.AreEqual(600, course.Ago(0), 2);
            Assert.AreEqual(2, course.Ago(0) - course.Ago(1), 0.01);
            course.Note(35, 7);
            Assert.AreEqual(7, course.Ago(0));
            Assert.IsTrue(float.IsNaN(course.Ago(20)), "nothing was noted for five seconds");
            Assert.IsFalse(float.IsNaN(course.Ago(80)));
        }

        [Test]
        public void TheMonitorShowsAFeedAndReleasesIt()
        {
            double now = 0;
            var source = new MonitorSource(() => now);
            SentioSimulator simulator = _rig.Make<SentioSimulator>();
            source.Follow(simulator);
            for (int i = 0; i < 360; i++)
            {
                now += 1.0 / 60;
                Stage.Frame(1f / 60);
            }
            Assert.AreEqual(LinkState.Live, source.Link);
            Assert.AreEqual(30, source.States.Rate(now), 2);
            Assert.AreEqual(4, source.Details.Rate(now), 1);
            Assert.IsTrue(source.Mark("boss_spawned"));
            Assert.AreEqual("marker  boss_spawned", source.Log[0]);
            Assert.IsTrue(source.Frame.Has(AffectEntry.Arousal));
            source.Follow(null);
            Stage.Run(1);
            Assert.IsNull(source.Frame);
            Assert.AreEqual(LinkState.Off, source.Link);
        }

        [Test]
        public void TheMonitorConnectsToASidecarWithoutAGame()
        {
            var source = new MonitorSource(() => 0);
            source.Listen(new ClientOptions { StatePort = 1, ControlPort = 2 });
            Assert.IsTrue(source.Listens);
            source.Poll();
            Assert.AreEqual(LinkState.Connecting, source.Link);
            source.Dispose();
            Assert.IsFalse(source.Listens);
        }

        [Test]
        public void CommonMistakesAreReported()
        {
            Expect<SentioBinding>("no feed", one => { });
            Expect<SentioDirector>("paces by time", one => { });
            Expect<SentioExposure>("only people", one => { });
            Expect<SentioExposure>("not below tense", one => one.CalmBelow = 0.9f);
            Expect<SentioComparison>("Name the study", one => one.Study = "");
            Expect<SentioMarker>("name", one => one.Marker = "");
            Expect<SentioRecorder>("SentioClient", one => { });
            _rig.Make<SentioSimulator>();
            Expect<SentioBinding>("no target", one => { });
            Expect<SentioBinding>("must increase", one => one.Points = new[] { Vector2.one, Vector2.zero });
            Expect<SentioBinding>("may flash", one => one.IsLight = true);
            Expect<SentioBinding>("without confidence", one => one.Threshold = 0);
            Expect<SentioDirector>("Without rails", one => { });
            Expect<SentioDirector>("Calm is not below", one => one.Settings.CalmAt = 0.9f);
            SentioRails shared = _rig.Make<SentioRails>();
            _rig.Make<SentioDirector>(one => one.Rails = shared);
            Expect<SentioDirector>("named 'demand' too", one => one.Rails = shared);
            Expect<SentioRails>("epilepsy", one => one.Photosensitivity = false);
            Expect<SentioBreathing>("length", one => one.SetStages(0, 0, 0, 0));
            Expect<SentioExpression>("", one => { });
            Expect<SentioHud>("raw numbers", one => one.DevelopmentOnly = false);
            Expect<SentioSimulator>("2 feeds", one => { });
            Expect<SentioClient>("loopback", one =>
            {
                one.Autostart = false;
                one.Connection = ScriptableObject.CreateInstance<SentioConnection>();
                one.Connection.Host = "192.168.1.7";
            });
            Expect<SentioPlayer>("recording", one => { });
        }

        [Test]
        public void AGoodSceneHasNoMistakes()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>();
            SentioRails rails = _rig.Make<SentioRails>(one => one.Feed = simulator);
            _rig.Make<SentioDirector>(one => one.Rails = rails);
            _rig.Make<SentioMarker>(one => one.Marker = "level_began");
            _rig.Make<SentioHud>();
            Assert.AreEqual("", string.Join("; ", Checks.OfScene().Select(one => one.What).ToArray()));
        }

        [Test]
        public void InspectorsAndTheMonitorAreDrawnInBothModes()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>();
            var parts = new Dictionary<LiveEditor, Component>
            {
                { new FeedEditor(), simulator }, { new BindingEditor(), _rig.Make<SentioBinding>() },
                { new DirectorEditor(), _rig.Make<SentioDirector>() }, { new RailsEditor(), _rig.Make<SentioRails>() },
                { new BreathingEditor(), _rig.Make<SentioBreathing>() }, { new ExposureEditor(), _rig.Make<SentioExposure>() },
                { new ExpressionEditor(), _rig.Make<SentioExpression>(one => one.Face = _rig.Face("jawOpen")) },
            };
            var window = ScriptableObject.CreateInstance<MonitorWindow>();
            Stage.Call(window, "OnEnable");
            foreach (bool playing in new[] { false, true })
            {
                Application.isPlaying = EditorApplication.isPlaying = playing;
                Stage.Run(1);
                EditorApplication.update();
                Stage.Call(window, "OnGUI");
                foreach (KeyValuePair<LiveEditor, Component> one in parts)
                {
                    one.Key.target = one.Value;
                    one.Key.OnInspectorGUI();
                    Assert.AreEqual(playing, one.Key.RequiresConstantRepaint());
                }
            }
            Stage.Call(window, "OnDisable");
            EditorApplication.isPlaying = false;
            Assert.IsNull(EditorApplication.update, "nothing of the window is left behind");
        }

        [Test]
        public void TheSettingsPageIsDrawnWithAndWithoutAConnection()
        {
            System.Type page = typeof(MonitorWindow).Assembly.GetType("Sentio.EditorTools.SettingsPage");
            var provider = (SettingsProvider)page.GetMethod("Make", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static).Invoke(null, null);
            provider.guiHandler("");
            Assert.AreEqual(28700, SentioSettings.instance.Options().StatePort);
            SentioSettings.instance.Connection = ScriptableObject.CreateInstance<SentioConnection>();
            SentioSettings.instance.Connection.StatePort = 4711;
            provider.guiHandler("");
            Assert.AreEqual(4711, SentioSettings.instance.Options().StatePort);
            SentioSettings.instance.Connection = null;
        }

        [TestCase("Arena", "Emberfield")]
        [TestCase("Garden", "BreathingGarden")]
        [TestCase("Character", "Companion")]
        public void TheMenuBuildsTheDemosScenes(string item, string demo)
        {
            System.Type menu = typeof(MonitorWindow).Assembly.GetType("Sentio.EditorTools.SceneMenu");
            menu.GetMethod(item, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static).Invoke(null, null);
            GameObject made = GameObject.Find(demo);
            Assert.AreEqual(1, made.GetComponents<Sentio.Demos.Demo>().Length);
            Assert.AreEqual(demo, made.GetComponent<Sentio.Demos.Demo>().GetType().Name);
            Stage.Run(1);
            Assert.IsTrue(Object.FindAnyObjectByType<SentioSimulator>());
        }

        private void Expect<T>(string words, System.Action<T> set) where T : MonoBehaviour
        {
            T part = _rig.Make(set);
            string output = string.Join("\n", Checks.Of(part).ToArray());
            Object.DestroyImmediate(part.gameObject);
            StringAssert.Contains(words, output, typeof(T).Name);
            Assert.Greater(output.Length, 0, typeof(T).Name);
        }
    }
}
