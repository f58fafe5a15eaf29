// A game of the Unity components on the stub engine, for tests/integration/test_unity_components.py.
// Game.exe STATE_PORT CONTROL_PORT; commands are lines on standard input, events are lines on standard output.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio.Tests
{
    public static class Game
    {
        private const float PrintEvery = 0.3f;
        private static readonly Queue<string> Lines = new Queue<string>();
        private static volatile bool _ended;
        private static SentioConnection _connection;
        private static SentioClient _client;
        private static readonly HudText Overlay = new HudText();
        private static SentioRecorder _recorder;
        private static string _kept = " / ";
        private static SentioConsent _consent;
        private static SentioSensors _sensors;
        private static SentioFaceTracking _face;
        private static AffectState _state = AffectState.Warming;
        private static float _shown;
        private static int _taken;

        public static int Main(string[] arguments)
        {
            Stage.Reset();
            _connection = ScriptableObject.CreateInstance<SentioConnection>();
            _connection.StatePort = int.Parse(arguments[0]);
            _connection.ControlPort = int.Parse(arguments[1]);
            new Thread(Read) { IsBackground = true }.Start();
            Build();
            var watch = Stopwatch.StartNew();
            double last = 0;
            while (!_ended)
            {
                Do();
                double now = watch.Elapsed.TotalSeconds;
                Stage.Frame((float)(now - last));
                last = now;
                if (_sensors.Taken > _taken && _sensors.Taken % 30 == 0) Print("taken " + (_taken = _sensors.Taken));
                Thread.Sleep(5);
            }
            Stage.Reset();
            Print("ended");
            return 0;
        }

        private static T Make<T>(Action<T> set = null) where T : Component
        {
            var made = new GameObject(typeof(T).Name);
            made.SetActive(false);
            var part = made.AddComponent<T>();
            if (set != null) set(part);
            made.SetActive(true);
            return part;
        }

        private static void Build()
        {
            _client = Make<SentioClient>(one =>
            {
                one.Connection = _connection;
                one.LinkStateChanged += (state, reason) => Print("link " + state + " " + reason);
                one.Event += raised => Print("event " + raised.Kind + " " + raised.Name);
                one.ConsentChanged += granted => Print("consent " + string.Join(",", new List<string>(granted.Keys).ToArray()));
                one.Frame += Show;
            });
            _recorder = Make<SentioRecorder>(one =>
            {
                one.Client = _client;
                one.Changed += (active, reason) => Print("recorder " + active + " " + reason);
            });
            _consent = Make<SentioConsent>(one =>
            {
                one.Client = _client;
                one.Changed += (sensor, purposes, error) =>
                    Print("chosen " + sensor + " " + string.Join(",", purposes) + " " + (error == null ? "ok" : error.ToString()));
            });
            _sensors = Make<SentioSensors>(one => one.Client = _client);
        }

        private static void Press(KeyCode pressed)
        {
            Event before = Event.current;
            Event.current = new Event { type = EventType.KeyDown, keyCode = pressed };
            Stage.Call(_consent, "OnGUI");
            Event.current = before;
        }

        // What the dialog and the overlay say of a recording, when that changes.
        private static void ShowRecording()
        {
            Overlay.Read(_client);
            int at = Overlay.Capture.IndexOf("no estimates");
            string kept = _consent.NotKept + " / " + (at < 0 ? "" : Overlay.Capture.Substring(at));
            if (kept == _kept) return;
            _kept = kept;
            Print("kept " + kept);
        }

        private static void Show(AffectFrame frame)
        {
            ShowRecording();
            if (Time.time - _shown < PrintEvery && frame.State == _state) return;
            _shown = Time.time;
            _state = frame.State;
            Print(string.Format(CultureInfo.InvariantCulture, "frame {0} {1} headset={2:0.00} face={3:0.00} body={4:0.00} heart={5:0.0}",
                frame.Subject, frame.State, frame.Value(AffectEntry.HeadsetWeight, 0f),
                frame.Value(AffectEntry.FaceWeight, 0f), frame.Value(AffectEntry.BodyWeight, 0f),
                frame.Value(AffectEntry.HeartRate, 0f)));
        }

        private static void Do()
        {
            string line = null;
            lock (Lines) if (Lines.Count > 0) line = Lines.Dequeue();
            if (line == null) return;
            string[] words = line.Split(' ');
            switch (words[0])
            {
                case "launch": Launch(words[1]); break;
                case "launch_at": LaunchAt(int.Parse(words[1]), int.Parse(words[2]), words[3]); break;
                case "stop_at": Stop(int.Parse(words[1])); break;
                case "quit_launcher": UnityEngine.Object.FindAnyObjectByType<SentioLauncher>().Stop(); break;
                case "kill_sidecar": Kill(); break;
                case "child": Print("child " + System.Diagnostics.Process.Start("sleep", "30").Id); break;
                case "mark": Print("marked " + _client.Mark(words[1], null)); break;
                case "record":
                    _recorder.Where = words[1] == "file" ? RecordWhere.FrameFile : RecordWhere.Sidecar;
                    _recorder.Path = words[2];
                    _recorder.Begin();
                    break;
                case "stop": _recorder.Stop(); break;
                case "switch": _consent.Switch(words[1], words[2], words[3] == "on"); break;
                case "choose": _consent.Choose(words[1], words.Length > 2 ? words[2].Split(',') : new string[0]); break;
                case "press": Press((KeyCode)Enum.Parse(typeof(KeyCode), words[1])); break;
                case "sensor": Print("sensor " + words[1] + " " + _consent.StateOf(words[1])); break;
                case "wear": Wear(); break;
                case "strap": Strap(float.Parse(words[1], CultureInfo.InvariantCulture)); break;
                case "watch": Watch(float.Parse(words[1], CultureInfo.InvariantCulture)); break;
                case "take_off": _face.IsWorn = false; break;
                case "calibrate": Calibrate(float.Parse(words[1], CultureInfo.InvariantCulture)); break;
                case "stop_calibration": UnityEngine.Object.FindAnyObjectByType<SentioCalibration>().Stop(); break;
                case "sleep":
                    Stage.Call(_client, "OnApplicationPause", true);
                    Stage.Call(_client, "OnApplicationPause", false);
                    break;
                case "face": Express(words[1]); break;
                case "problem": Print("problem " + _sensors.Problem); break;
                default: Print("what is " + line); break;
            }
        }

        private static void Kill()
        {
            foreach (SentioLauncher one in UnityEngine.Resources.FindObjectsOfTypeAll<SentioLauncher>())
                if (one.ProcessId > 0) System.Diagnostics.Process.GetProcessById(one.ProcessId).Kill();
        }

        // A launcher with ports of its own, beside the one of the game.
        private static void LaunchAt(int state, int control, string command)
        {
            var connection = ScriptableObject.CreateInstance<SentioConnection>();
            connection.StatePort = state;
            connection.ControlPort = control;
            var client = Make<SentioClient>(one => one.Connection = connection);
            Make<SentioLauncher>(one =>
            {
                one.Client = client;
                one.Command = command;
                one.Demo = true;
                one.Changed += (now, reason) => Print("at " + state + " " + now + " " + reason + " #" + one.ProcessId);
            });
        }

        private static void Stop(int state)
        {
            foreach (SentioLauncher one in UnityEngine.Resources.FindObjectsOfTypeAll<SentioLauncher>())
                if (one.Client.Connection.StatePort == state) one.Stop();
        }

        private static void Launch(string command)
        {
            Make<SentioLauncher>(one =>
            {
                one.Client = _client;
                one.Command = command;
                one.Demo = true;
                one.Changed += (state, reason) => Print("launcher " + state + " " + reason + " #" + one.ProcessId);
            });
        }

        private static void Wear()
        {
            if (_face)
            {
                _face.IsWorn = true;
                return;
            }
            var still = new Vector3[0];
            var mesh = new Mesh { vertices = still };
            for (int i = 0; i < ArkitShapes.Count; i++) mesh.AddBlendShapeFrame("head." + ArkitShapes.Name(i), 100, still, null, null);
            var renderer = Make<SkinnedMeshRenderer>(one => one.sharedMesh = mesh);
            _face = Make<SentioFaceTracking>(one => one.Face = renderer);
            _sensors.Add(_face);
            Make<Smile>(one => one.Face = renderer);
        }

        private static void Strap(float beats)
        {
            var strap = Make<SentioSampleSensor>();
            strap.Describe(new SensorAbout("strap", "ppg", 64, "ppg"));
            _sensors.Add(strap);
            Make<Pulse>(one =>
            {
                one.Sensor = strap;
                one.Beats = beats;
            });
        }

        private static void Watch(float beats)
        {
            var watch = Make<SentioSampleSensor>();
            watch.Describe(new SensorAbout("watch", "heart_rate", 0, "beats"));
            _sensors.Add(watch);
            Make<Count>(one =>
            {
                one.Sensor = watch;
                one.Beats = beats;
            });
        }

        private static void Calibrate(float seconds)
        {
            Make<SentioCalibration>(one =>
            {
                one.Client = _client;
                one.Seconds = seconds;
                one.Refused += reasons => Print("refused " + string.Join(" ", reasons));
                one.Done += profile => Print("calibrated " + profile);
            }).Begin();
        }

        private static void Express(string emotion)
        {
            var expression = Make<SentioExpression>();
            _client.Synthesise(emotion, 1).Then(reply =>
            {
                expression.Apply(reply.Body["response"] as Dictionary<string, object>);
                Print("response " + Maps.Child(expression.Response, "blendshapes").Count);
            });
        }

        private static void Read()
        {
            string line;
            while ((line = Console.ReadLine()) != null) lock (Lines) Lines.Enqueue(line);
            _ended = true;
        }

        private static void Print(string line)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }

    /// <summary>Mock of a headset's SDK: drives the avatar's face.</summary>
    public sealed class Smile : MonoBehaviour
    {
        public SkinnedMeshRenderer Face;

        private void Update()
        {
            for (int i = 0; i < ArkitShapes.Count; i++) Face.SetBlendShapeWeight(i, 3f + 3f * Mathf.Sin(Time.time + i));
            Face.SetBlendShapeWeight(ArkitShapes.IndexOf("mouthSmileLeft"), 80f + 5f * Mathf.Sin(7f * Time.time));
            Face.SetBlendShapeWeight(ArkitShapes.IndexOf("mouthSmileRight"), 80f + 5f * Mathf.Sin(7f * Time.time));
            Face.SetBlendShapeWeight(ArkitShapes.IndexOf("cheekSquintLeft"), 50f);
            Face.SetBlendShapeWeight(ArkitShapes.IndexOf("cheekSquintRight"), 50f);
        }
    }

    /// <summary>Mock of a watch: one number a second.</summary>
    public sealed class Count : MonoBehaviour
    {
        public SentioSampleSensor Sensor;
        public float Beats;
        private int _sent;

        private void Update()
        {
            for (; _sent < Time.time; _sent++) Sensor.Push(Beats + _sent % 3 - 1);
        }
    }

    /// <summary>Mock of a strap: a pulse wave at 64 Hz whose rate varies with the breath.</summary>
    public sealed class Pulse : MonoBehaviour
    {
        public SentioSampleSensor Sensor;
        public float Beats;
        private int _sent;
        private double _phase;

        private void Update()
        {
            for (; _sent < 64 * Time.time; _sent++)
            {
                _phase += (Beats + 3 * Math.Sin(2 * Math.PI * 0.2 * _sent / 64)) / 60 / 64;
                double at = _phase % 1;
                Sensor.Push((float)(100 * Math.Exp(-Math.Pow((at - 0.15) / 0.08, 2)) + 35 * Math.Exp(-Math.Pow((at - 0.45) / 0.1, 2))));
            }
        }
    }
}
