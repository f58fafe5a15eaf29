using Sentio.Behaviour;
using UnityEngine;

namespace Sentio
{
    /// <summary>Reads a headset's face tracking from the avatar mesh, and gaze from the transform, that its SDK
    /// drives; works with any provider.</summary>
    /// <remarks>For <see cref="SentioSensors"/>. For a provider without a mesh, set <see cref="Weights"/> in ARKit's
    /// order (<see cref="ArkitShapes"/>) and call <see cref="Touch"/>, or implement
    /// <see cref="ISentioSensor"/>.</remarks>
    [AddComponentMenu("Sentio/Sentio Face Tracking")]
    public sealed class SentioFaceTracking : MonoBehaviour, ISentioSensor
    {
        private const float MeshScale = 100f;
        private const float FullTurn = 30f;

        [SerializeField, Tooltip("Unique name of the stream.")]
        private string stream = "headset";

        [SerializeField, Tooltip("The mesh that the headset's SDK drives, with ARKit's shape names.")]
        private SkinnedMeshRenderer face;

        [SerializeField, Tooltip("Transform that turns with the eyes, relative to the head; its local rotation is read. Empty for none.")]
        private Transform gaze;

        private readonly float[] _weights = new float[ArkitShapes.Count];
        private SensorAbout _about;
        private int[] _places;
        private bool _touched;

        /// <summary>The mesh that the headset's SDK drives; null if <see cref="Weights"/> are set
        /// directly.</summary>
        public SkinnedMeshRenderer Face { get { return face; } set { face = value; _places = null; } }

        /// <summary>Transform that turns with the eyes; null for none.</summary>
        public Transform Gaze { get { return gaze; } set { gaze = value; } }

        /// <summary>Weights, 0..1, in the order of <see cref="ArkitShapes"/>, for a provider without a mesh.</summary>
        public float[] Weights { get { return _weights; } }

        /// <summary>Whether the headset is worn and tracking is valid; otherwise nothing is sent.</summary>
        public bool IsWorn { get; set; } = true;

        /// <inheritdoc/>
        public SensorAbout About
        {
            get
            {
                if (_about != null) return _about;
                var channels = new string[ArkitShapes.Count];
                for (int i = 0; i < channels.Length; i++) channels[i] = ArkitShapes.Name(i);
                return _about = new SensorAbout(stream, "face", 0, channels);
            }
        }

        /// <summary>Marks <see cref="Weights"/> as new.</summary>
        public void Touch() { _touched = true; }

        /// <inheritdoc/>
        public int Read(float[] rows)
        {
            bool fresh = (face && face.sharedMesh) || _touched;
            _touched = false;
            if (!IsWorn || !fresh) return 0;
            if (face && face.sharedMesh) ReadMesh();
            if (gaze) ReadGaze();
            for (int i = 0; i < _weights.Length; i++) rows[i] = Mathf.Clamp01(_weights[i]);
            return 1;
        }

        private void OnValidate()
        {
            _places = null;
            _about = null;
        }

        private void ReadMesh()
        {
            if (_places == null)
            {
                _places = new int[face.sharedMesh.blendShapeCount];
                for (int at = 0; at < _places.Length; at++) _places[at] = ArkitShapes.Find(face.sharedMesh.GetBlendShapeName(at));
            }
            for (int at = 0; at < _places.Length; at++)
                if (_places[at] >= 0) _weights[_places[at]] = face.GetBlendShapeWeight(at) / MeshScale;
        }

        // ARKit encodes gaze as eight weights: each eye up, down, in and out.
        private void ReadGaze()
        {
            Vector3 turn = gaze.localEulerAngles;
            float right = Signed(turn.y) / FullTurn, down = Signed(turn.x) / FullTurn;
            Put("eyeLookDownLeft", down);
            Put("eyeLookDownRight", down);
            Put("eyeLookUpLeft", -down);
            Put("eyeLookUpRight", -down);
            Put("eyeLookOutRight", right);
            Put("eyeLookInLeft", right);
            Put("eyeLookOutLeft", -right);
            Put("eyeLookInRight", -right);
        }

        private void Put(string shape, float weight) { _weights[ArkitShapes.IndexOf(shape)] = Mathf.Clamp01(weight); }

        private static float Signed(float degrees) { return degrees > 180f ? degrees - 360f : degrees; }
    }
}
